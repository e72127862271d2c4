using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace OpenBitum.Wallets;

/// <summary>
/// A number modulo the prime of secp256k1, p = 2^256 - 2^32 - 977 (SEC 2, 2.4.1), in four 64-bit limbs, least
/// significant first, always fully reduced. Everything here takes variable time: only public keys, chain codes and
/// addresses are ever computed with, so there is no secret that timing could tell. The arithmetic is optimised at its
/// first call, because the first addresses of a process would take a tenth of a second in unoptimised code.
/// </summary>
internal readonly partial struct FieldElement : IEquatable<FieldElement>
{
    /// <summary>2^256 mod p: what a carry out of the highest limb is worth.</summary>
    private const ulong Fold = 0x1_0000_03D1;
    private const ulong LowestLimbOfP = ulong.MaxValue - Fold + 1;

    private readonly ulong limb0;
    private readonly ulong limb1;
    private readonly ulong limb2;
    private readonly ulong limb3;

    private FieldElement(ulong limb0, ulong limb1, ulong limb2, ulong limb3)
    {
        this.limb0 = limb0;
        this.limb1 = limb1;
        this.limb2 = limb2;
        this.limb3 = limb3;
    }

    public static FieldElement Zero => default;

    public static FieldElement One => new(1, 0, 0, 0);

    public static FieldElement Seven => new(7, 0, 0, 0);

    public bool IsZero => (limb0 | limb1 | limb2 | limb3) == 0;

    public bool IsOdd => (limb0 & 1) != 0;

    /// <summary>Reads 32 big-endian bytes; false when the number is not below p.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bigEndian, out FieldElement value)
    {
        value = new FieldElement(
            BinaryPrimitives.ReadUInt64BigEndian(bigEndian[24..]),
            BinaryPrimitives.ReadUInt64BigEndian(bigEndian[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(bigEndian[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(bigEndian));
        return !IsAtLeastP(value.limb0, value.limb1, value.limb2, value.limb3);
    }

    /// <summary>Writes 32 big-endian bytes.</summary>
    public void Write(Span<byte> bigEndian)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bigEndian, limb3);
        BinaryPrimitives.WriteUInt64BigEndian(bigEndian[8..], limb2);
        BinaryPrimitives.WriteUInt64BigEndian(bigEndian[16..], limb1);
        BinaryPrimitives.WriteUInt64BigEndian(bigEndian[24..], limb0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static FieldElement operator +(in FieldElement left, in FieldElement right)
    {
        ulong carry = 0;
        var limb0 = Add(left.limb0, right.limb0, ref carry);
        var limb1 = Add(left.limb1, right.limb1, ref carry);
        var limb2 = Add(left.limb2, right.limb2, ref carry);
        var limb3 = Add(left.limb3, right.limb3, ref carry);
        return Reduce(limb0, limb1, limb2, limb3, carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static FieldElement operator -(in FieldElement left, in FieldElement right)
    {
        ulong borrow = 0;
        var limb0 = Subtract(left.limb0, right.limb0, ref borrow);
        var limb1 = Subtract(left.limb1, right.limb1, ref borrow);
        var limb2 = Subtract(left.limb2, right.limb2, ref borrow);
        var limb3 = Subtract(left.limb3, right.limb3, ref borrow);

        // A borrow means the difference stands 2^256 too high; p lower is Fold less than that.
        var correction = Fold & (0 - borrow);
        borrow = 0;
        limb0 = Subtract(limb0, correction, ref borrow);
        limb1 = Subtract(limb1, 0, ref borrow);
        limb2 = Subtract(limb2, 0, ref borrow);
        limb3 = Subtract(limb3, 0, ref borrow);
        return new FieldElement(limb0, limb1, limb2, limb3);
    }

    public static FieldElement operator -(in FieldElement value) => Zero - value;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static FieldElement operator *(in FieldElement left, in FieldElement right)
    {
        ulong carry = 0;
        var (a, b0, b1, b2, b3) = (left.limb0, right.limb0, right.limb1, right.limb2, right.limb3);
        var product0 = MultiplyAdd(a, b0, 0, ref carry);
        var product1 = MultiplyAdd(a, b1, 0, ref carry);
        var product2 = MultiplyAdd(a, b2, 0, ref carry);
        var product3 = MultiplyAdd(a, b3, 0, ref carry);
        var product4 = carry;

        carry = 0;
        a = left.limb1;
        product1 = MultiplyAdd(a, b0, product1, ref carry);
        product2 = MultiplyAdd(a, b1, product2, ref carry);
        product3 = MultiplyAdd(a, b2, product3, ref carry);
        product4 = MultiplyAdd(a, b3, product4, ref carry);
        var product5 = carry;

        carry = 0;
        a = left.limb2;
        product2 = MultiplyAdd(a, b0, product2, ref carry);
        product3 = MultiplyAdd(a, b1, product3, ref carry);
        product4 = MultiplyAdd(a, b2, product4, ref carry);
        product5 = MultiplyAdd(a, b3, product5, ref carry);
        var product6 = carry;

        carry = 0;
        a = left.limb3;
        product3 = MultiplyAdd(a, b0, product3, ref carry);
        product4 = MultiplyAdd(a, b1, product4, ref carry);
        product5 = MultiplyAdd(a, b2, product5, ref carry);
        product6 = MultiplyAdd(a, b3, product6, ref carry);
        var product7 = carry;

        return Fold512(product0, product1, product2, product3, product4, product5, product6, product7);
    }

    /// <summary>this * this, with the products of different limbs computed once and doubled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public FieldElement Square()
    {
        ulong carry = 0;
        var product1 = MultiplyAdd(limb0, limb1, 0, ref carry);
        var product2 = MultiplyAdd(limb0, limb2, 0, ref carry);
        var product3 = MultiplyAdd(limb0, limb3, 0, ref carry);
        var product4 = carry;

        carry = 0;
        product3 = MultiplyAdd(limb1, limb2, product3, ref carry);
        product4 = MultiplyAdd(limb1, limb3, product4, ref carry);
        var product5 = carry;

        carry = 0;
        product5 = MultiplyAdd(limb2, limb3, product5, ref carry);
        var product6 = carry;

        var product7 = product6 >> 63;
        product6 = product6 << 1 | product5 >> 63;
        product5 = product5 << 1 | product4 >> 63;
        product4 = product4 << 1 | product3 >> 63;
        product3 = product3 << 1 | product2 >> 63;
        product2 = product2 << 1 | product1 >> 63;
        product1 <<= 1;

        carry = 0;
        var high = Math.BigMul(limb0, limb0, out var product0);
        product1 = Add(product1, high, ref carry);
        high = Math.BigMul(limb1, limb1, out var low);
        product2 = Add(product2, low, ref carry);
        product3 = Add(product3, high, ref carry);
        high = Math.BigMul(limb2, limb2, out low);
        product4 = Add(product4, low, ref carry);
        product5 = Add(product5, high, ref carry);
        high = Math.BigMul(limb3, limb3, out low);
        product6 = Add(product6, low, ref carry);
        product7 = Add(product7, high, ref carry);
        return Fold512(product0, product1, product2, product3, product4, product5, product6, product7);
    }

    public bool Equals(FieldElement other) =>
        limb0 == other.limb0 && limb1 == other.limb1 && limb2 == other.limb2 && limb3 == other.limb3;

    public override bool Equals(object? obj) => obj is FieldElement other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(limb0, limb1, limb2, limb3);

    /// <summary>Brings carry * 2^256 + limbs, which is below 2p, under p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldElement Reduce(ulong limb0, ulong limb1, ulong limb2, ulong limb3, ulong carry)
    {
        if (carry == 0 && !IsAtLeastP(limb0, limb1, limb2, limb3))
        {
            return new FieldElement(limb0, limb1, limb2, limb3);
        }

        carry = 0;
        limb0 = Add(limb0, Fold, ref carry);
        limb1 = Add(limb1, 0, ref carry);
        limb2 = Add(limb2, 0, ref carry);
        limb3 = Add(limb3, 0, ref carry);
        return new FieldElement(limb0, limb1, limb2, limb3);
    }

    /// <summary>
    /// Reduces a product. Its upper half stands for 2^256 times itself, so it comes down multiplied by Fold; once more
    /// for the carry of that.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldElement Fold512(
        ulong product0,
        ulong product1,
        ulong product2,
        ulong product3,
        ulong product4,
        ulong product5,
        ulong product6,
        ulong product7)
    {
        ulong carry = 0;
        product0 = MultiplyAdd(product4, Fold, product0, ref carry);
        product1 = MultiplyAdd(product5, Fold, product1, ref carry);
        product2 = MultiplyAdd(product6, Fold, product2, ref carry);
        product3 = MultiplyAdd(product7, Fold, product3, ref carry);

        var high = Math.BigMul(carry, Fold, out var low);
        carry = 0;
        product0 = Add(product0, low, ref carry);
        product1 = Add(product1, high, ref carry);
        product2 = Add(product2, 0, ref carry);
        product3 = Add(product3, 0, ref carry);
        return Reduce(product0, product1, product2, product3, carry);
    }

    private static bool IsAtLeastP(ulong limb0, ulong limb1, ulong limb2, ulong limb3) =>
        limb3 == ulong.MaxValue && limb2 == ulong.MaxValue && limb1 == ulong.MaxValue && limb0 >= LowestLimbOfP;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Add(ulong left, ulong right, ref ulong carry)
    {
        var sum = left + right;
        var overflow = sum < left ? 1UL : 0UL;
        var total = sum + carry;
        carry = overflow + (total < sum ? 1UL : 0UL);
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Subtract(ulong left, ulong right, ref ulong borrow)
    {
        var difference = left - right;
        var underflow = left < right ? 1UL : 0UL;
        var total = difference - borrow;
        borrow = underflow + (difference < borrow ? 1UL : 0UL);
        return total;
    }

    /// <summary>left * right + addend + carry never exceeds 128 bits; its upper half becomes the carry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MultiplyAdd(ulong left, ulong right, ulong addend, ref ulong carry)
    {
        var high = Math.BigMul(left, right, out var low);
        low += addend;
        high += low < addend ? 1UL : 0UL;
        low += carry;
        high += low < carry ? 1UL : 0UL;
        carry = high;
        return low;
    }
}
