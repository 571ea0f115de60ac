// Package failures tells what a failed call says, out of the details that the service sends with every error.
package failures

import (
	"regexp"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Reason is what a program branches on, never the text: USER_NOT_FOUND, ETAG_MISMATCH ...
func Reason(s *status.Status) string {
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info.Reason
		}
	}
	return ""
}

// Fields are those that are wrong.
func Fields(s *status.Status) []string {
	var fields []string
	for _, detail := range s.Details() {
		if request, ok := detail.(*errdetails.BadRequest); ok {
			for _, violation := range request.FieldViolations {
				fields = append(fields, violation.Field)
			}
		}
	}
	return fields
}

// Describe says all of it in a line.
func Describe(err error) string {
	s := status.Convert(err)
	words := []string{nameOf(s.Code()), Reason(s), strings.Join(Fields(s), ", ")}
	return strings.TrimSpace(strings.Join(words, " "))
}

// IsBreak tells whether a later try can get over it; anything else would only fail again.
func IsBreak(err error) bool {
	switch status.Code(err) {
	case codes.Unavailable, codes.ResourceExhausted, codes.Unknown, codes.Internal:
		return true
	}
	return false
}

// Go writes InvalidArgument; the protocol's documents, and the other languages, INVALID_ARGUMENT.
func nameOf(code codes.Code) string {
	return strings.ToUpper(regexp.MustCompile("([a-z])([A-Z])").ReplaceAllString(code.String(), "${1}_$2"))
}
