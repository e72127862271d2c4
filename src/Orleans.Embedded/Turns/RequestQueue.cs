using Orleans.Calls;

namespace Orleans.Turns;

/// <summary>Requests in the order they came, linked through themselves.</summary>
internal struct RequestQueue
{
    private Request? last;

    public Request? First { get; private set; }

    public void Enqueue(Request request)
    {
        if (last is null)
        {
            First = request;
        }
        else
        {
            last.Next = request;
        }

        last = request;
    }

    public Request Dequeue()
    {
        var request = First!;
        First = request.Next;
        request.Next = null;
        if (First is null)
        {
            last = null;
        }

        return request;
    }

    /// <summary>Forgets those in front that are over: their callers have been told.</summary>
    public void DropOver()
    {
        while (First is { Stage: RequestStage.Over })
        {
            Dequeue();
        }
    }
}
