using System.Text.RegularExpressions;

namespace Users.Server.Fields;

/// <summary>
/// The grammar of an ASCII email address: addr-spec of RFC 5322, section 3.4.1, without its comments, folding white space and
/// obsolete forms. System.Net.Mail.MailAddress is laxer (it takes "a.@b.c") and also reads display names.
/// </summary>
internal static partial class AddrSpec
{
    public static bool IsMatch(string text) => Pattern().IsMatch(text);

    [GeneratedRegex("""
        \A
        (?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+ (?: \. [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+ )*   # dot-atom
          | " (?: [\x20\x21\x23-\x5B\x5D-\x7E] | \\ [\x20-\x7E] )* "               # quoted-string
        )
        @
        (?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+ (?: \. [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+ )*   # dot-atom
          | \[ [\x21-\x5A\x5E-\x7E]* \]                                           # domain-literal
        )
        \z
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Pattern();
}
