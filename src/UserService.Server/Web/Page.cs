using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Net.Http.Headers;

namespace Users.Server.Web;

/// <summary>The files of the page, which <c>samples/browser</c> builds. They hold no secret: the calls that they make are guarded.</summary>
internal static class Page
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Web", "Page");

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    private static readonly (string Route, string File, string Type)[] Files =
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/page.js", "page.js", "text/javascript; charset=utf-8"),
        ("/page.css", "page.css", "text/css; charset=utf-8"),
        ("/icon.svg", "icon.svg", "image/svg+xml"),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach ((string route, string file, string type) in Files)
        {
            routes.MapMethods(route, Methods, context => AnswerAsync(context, Path.Combine(Folder, file), type)).WithMetadata(new AllowAnonymousAttribute());
        }
    }

    private static Task AnswerAsync(HttpContext context, string path, string type)
    {
        IHeaderDictionary headers = context.Response.Headers;
        // Nothing but the page's own files and its calls: what a name or a message holds can never run, nor load from elsewhere.
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        // Asked for again each time, and answered 304 while it is the same: a new server never meets an old page.
        headers.CacheControl = "no-cache";
        var file = new FileInfo(path);
        IResult answer = file.Exists
            ? Results.File(path, type, lastModified: file.LastWriteTimeUtc, entityTag: TagOf(file))
            : Results.Text("The page is not built: run npm install and npm run build in samples/browser, then build the server.", statusCode: StatusCodes.Status404NotFound);
        return answer.ExecuteAsync(context);
    }

    private static EntityTagHeaderValue TagOf(FileInfo file) =>
        new(string.Create(CultureInfo.InvariantCulture, $"\"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}\""));
}
