using OpenBitum.Http;

namespace OpenBitum.Pages;

/// <summary>303: the browser asks for another page, with GET; so a reload sends no form again.</summary>
[Answers(StatusCodes.Status303SeeOther)]
internal sealed class SeeOther : Answer
{
    public SeeOther(string location)
        : base(StatusCodes.Status303SeeOther) => Location = location;

    public override ReadOnlyMemory<byte> Body => default;
}
