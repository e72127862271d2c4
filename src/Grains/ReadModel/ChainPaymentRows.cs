using System.Globalization;
using OpenBitum.Chains;

namespace OpenBitum.ReadModel;

/// <summary>Table `chain_payments`.</summary>
public static class ChainPaymentRows
{
    private const string Columns =
        "id, script, listener, atoms, state, first_seen_at, height, block_time, wanted, unheard, settled, changed_at";

    /// <summary>What has to be told again: not settled.</summary>
    public static Task<List<ChainPayment>> Open(SqlSession session, string chain) =>
        session.Query($"SELECT {Columns} FROM chain_payments WHERE chain = $1 AND settled = 0", PaymentOf, chain);

    /// <summary>Null when it was never met, or is settled and below the journal.</summary>
    public static Task<ChainPayment?> Find(SqlSession session, string chain, string id) =>
        session.First($"SELECT {Columns} FROM chain_payments WHERE chain = $1 AND id = $2", PaymentOf, chain, id);

    /// <summary>In blocks above a height, settled or not.</summary>
    public static Task<List<ChainPayment>> Above(SqlSession session, string chain, long height) =>
        session.Query($"SELECT {Columns} FROM chain_payments WHERE chain = $1 AND height > $2", PaymentOf, chain, height);

    public static async Task Write(SqlSession session, string chain, IEnumerable<ChainPayment> payments)
    {
        foreach (var payment in payments)
        {
            await session.Execute(
                """
                INSERT INTO chain_payments
                    (chain, id, script, listener, atoms, state, first_seen_at, height, block_time, wanted, unheard, settled, changed_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                ON CONFLICT (chain, id) DO UPDATE SET state = excluded.state, first_seen_at = excluded.first_seen_at,
                    height = excluded.height, block_time = excluded.block_time, wanted = excluded.wanted,
                    unheard = excluded.unheard, settled = excluded.settled, changed_at = excluded.changed_at
                """,
                chain, payment.Id, payment.Script, payment.Listener, payment.Atoms.ToString(CultureInfo.InvariantCulture),
                NameOf(payment.State), payment.FirstSeenAt, payment.Height, payment.BlockTime, payment.Wanted, payment.Unheard,
                payment.IsSettled, payment.ChangedAt);
            if (payment is { State: ObservedState.Confirmed, Unheard: true })
            {
                await PaidKeyRows.Mark(session, chain, payment.Script);
            }
        }
    }

    /// <summary>Forgets settled payments below the journal, and those that vanished long ago.</summary>
    public static Task Prune(SqlSession session, string chain, long belowHeight, DateTimeOffset vanishedBefore) =>
        session.Execute(
            "DELETE FROM chain_payments WHERE chain = $1 AND settled = 1 AND (height < $2 OR (height IS NULL AND changed_at < $3))",
            chain, belowHeight, vanishedBefore);

    private static ChainPayment PaymentOf(System.Data.Common.DbDataReader reader) => new()
    {
        Id = reader.GetString(0),
        Script = reader.GetString(1),
        Listener = reader.GetString(2),
        Atoms = Int128.Parse(reader.GetString(3), NumberStyles.None, CultureInfo.InvariantCulture),
        State = StateOf(reader.GetString(4)),
        FirstSeenAt = reader.Time(5),
        Height = reader.LongOrNull(6),
        BlockTime = reader.TimeOrNull(7),
        Wanted = (int?)reader.LongOrNull(8),
        Unheard = reader.GetInt64(9) == 1,
        IsSettled = reader.GetInt64(10) == 1,
        ChangedAt = reader.Time(11),
    };

    private static string NameOf(ObservedState state) => state switch
    {
        ObservedState.Seen => "seen",
        ObservedState.Confirmed => "confirmed",
        ObservedState.Replaced => "replaced",
        ObservedState.Orphaned => "orphaned",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };

    private static ObservedState StateOf(string name) => name switch
    {
        "seen" => ObservedState.Seen,
        "confirmed" => ObservedState.Confirmed,
        "replaced" => ObservedState.Replaced,
        "orphaned" => ObservedState.Orphaned,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such state."),
    };
}
