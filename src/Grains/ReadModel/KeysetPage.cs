namespace OpenBitum.ReadModel;

/// <summary>Pages of rows sorted by id, newest first: asked for with one row more than the limit, which says whether there is more.</summary>
public static class KeysetPage
{
    // '~' sorts behind every id in any collation that ids are stored in.
    private const string BehindAll = "~";

    /// <summary>What ids of the page lie before.</summary>
    public static string Before(PageRequest page) => page.After?.Id ?? BehindAll;

    public static Page<T> Of<T>(List<T> rows, PageRequest page, Func<T, string> id)
    {
        if (rows.Count <= page.Limit)
        {
            return new Page<T>([.. rows], null);
        }

        rows.RemoveRange(page.Limit, rows.Count - page.Limit);
        return new Page<T>([.. rows], new Cursor("", id(rows[^1])).ToString());
    }
}
