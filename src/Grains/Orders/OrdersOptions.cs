using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using OpenBitum.Settings;

namespace OpenBitum.Orders;

/// <summary>Section `Orders`: the terms of orders, unless the merchant or the product says otherwise.</summary>
public sealed record OrdersOptions : ICheckedSettings
{
    public const int MostTtlSeconds = 604_800;

    /// <summary>Digits after the point that a percentage may have.</summary>
    public const int PercentDigits = 4;

    [Range(1, MostTtlSeconds)]
    public int TtlSeconds { get; init; } = 900;

    [Range(0, 31_536_000)]
    public int LateWindowSeconds { get; init; } = 86_400;

    /// <summary>How much of what is due may be missing, in percent.</summary>
    [Range(typeof(decimal), "0", "99"), Description("a decimal from 0 to 99 with at most 4 digits after the point")]
    public decimal UnderpaymentTolerancePct { get; init; }

    /// <summary>How many buyers one host tells of changes at once; each holds a connection. Who comes after is to poll.</summary>
    [Range(1, 100_000)]
    public int StreamsPerHost { get; init; } = 1_000;

    /// <summary>How many of them one client address may have on a host: a whole office of buyers, and a fraction of the host.</summary>
    [Range(1, 100_000)]
    public int StreamsPerAddress { get; init; } = 100;

    /// <summary>How many orders without any payment one client address may have open at a merchant; 0 = as many as it likes.</summary>
    [Range(0, 1_000)]
    public int OpenPerAddress { get; init; } = 20;

    public IEnumerable<SettingProblem> Check(string section)
    {
        if (UnderpaymentTolerancePct != decimal.Round(UnderpaymentTolerancePct, PercentDigits))
        {
            yield return new SettingProblem(
                $"{section}:{nameof(UnderpaymentTolerancePct)}", $"has more than {PercentDigits} digits after the point; write for example 0.5.");
        }
    }
}
