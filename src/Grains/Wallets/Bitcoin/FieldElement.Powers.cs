namespace OpenBitum.Wallets;

/// <summary>
/// Powers with fixed exponents. Both exponents below begin with 223 one-bits, reached in the addition chain
/// 2, 3, 6, 9, 11, 22, 44, 88, 176, 220, 223 that libsecp256k1 uses too.
/// </summary>
internal readonly partial struct FieldElement
{
    /// <summary>1 / this, as this^(p-2) (Fermat); zero for zero.</summary>
    public FieldElement Inverse()
    {
        var ones223 = RaiseTo223Ones(out var ones2, out var ones22);
        var power = ones223.SquareTimes(23) * ones22;
        power = power.SquareTimes(5) * this;
        power = power.SquareTimes(3) * ones2;
        return power.SquareTimes(2) * this;
    }

    /// <summary>
    /// A square root, as this^((p+1)/4), which exists because p = 3 mod 4. False when this is no square.
    /// </summary>
    public bool TrySquareRoot(out FieldElement root)
    {
        var ones223 = RaiseTo223Ones(out var ones2, out var ones22);
        var power = ones223.SquareTimes(23) * ones22;
        power = power.SquareTimes(6) * ones2;
        root = power.SquareTimes(2);
        return root.Square().Equals(this);
    }

    private FieldElement RaiseTo223Ones(out FieldElement ones2, out FieldElement ones22)
    {
        ones2 = Square() * this;
        var ones3 = ones2.Square() * this;
        var ones6 = ones3.SquareTimes(3) * ones3;
        var ones9 = ones6.SquareTimes(3) * ones3;
        var ones11 = ones9.SquareTimes(2) * ones2;
        ones22 = ones11.SquareTimes(11) * ones11;
        var ones44 = ones22.SquareTimes(22) * ones22;
        var ones88 = ones44.SquareTimes(44) * ones44;
        var ones176 = ones88.SquareTimes(88) * ones88;
        var ones220 = ones176.SquareTimes(44) * ones44;
        return ones220.SquareTimes(3) * ones3;
    }

    private FieldElement SquareTimes(int count)
    {
        var power = this;
        for (var i = 0; i < count; i++)
        {
            power = power.Square();
        }

        return power;
    }
}
