// What a failed call says, out of the details that the service sends with every error.
import grpc from "@grpc/grpc-js";
import { detail } from "./contract.js";

/** The google.rpc.Status of an error; it is empty when no server answered. */
export const statusOf = (error) => detail("Status").decode(error.metadata?.get("grpc-status-details-bin")[0] ?? new Uint8Array());

/** What a program branches on, never on the text: USER_NOT_FOUND, ETAG_MISMATCH ... */
export const reasonOf = (status) => find(status, "ErrorInfo").reason;

/** The fields that are wrong. */
export const fieldsOf = (status) => find(status, "BadRequest").field_violations.map((violation) => violation.field);

export function describe(error) {
  const status = statusOf(error);
  return [grpc.status[error.code], reasonOf(status), fieldsOf(status).join(", ")].filter(Boolean).join(" ");
}

function find(status, name) {
  const packed = status.details.find((any) => any.type_url.endsWith(`/google.rpc.${name}`));
  return detail(name).toObject(detail(name).decode(packed?.value ?? new Uint8Array()), { defaults: true });
}
