namespace OpenBitum.Bench;

/// <summary>One line of the table: a figure beside its reference, measured in the same run because machines differ.</summary>
/// <param name="Figure">`F1` … `F9` of the design, or `-`.</param>
/// <param name="What">What was done, e.g. `checkout/initiate, 64 connections`.</param>
/// <param name="Measured">With its unit: `3,120/s, p99 41 ms`.</param>
/// <param name="Reference">What it is compared with, with its unit.</param>
/// <param name="Ratio">Measured to reference, `0.12 x`.</param>
public sealed record Row(string Figure, string What, string Measured, string Reference, string Ratio);
