namespace Google.Rpc;

/// <summary>Google.Api.CommonProtos 2.0.0 still calls field 1 by its first name, "type"; on the wire nothing changed.</summary>
public static class ErrorInfoExtensions
{
    extension(ErrorInfo info)
    {
        public string Reason
        {
            get => info.Type;
            set => info.Type = value;
        }
    }
}
