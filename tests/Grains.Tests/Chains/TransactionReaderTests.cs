namespace OpenBitum.Chains;

public sealed class TransactionReaderTests
{
    /// <summary>Block 0 of Bitcoin.</summary>
    private const string GenesisBlock =
        "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a"
        + "29ab5f49ffff001d1dac2b7c01" + GenesisCoinbase;

    private const string GenesisCoinbase =
        "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d65732030332f4a616e2f"
        + "32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73ffffffff0100f2052a0100000043"
        + "41" + GenesisKey + "ac00000000";

    private const string GenesisKey =
        "04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f";

    /// <summary>The signed native P2WPKH example of BIP 143.</summary>
    private const string WitnessTransaction =
        "01000000000102fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f00000000494830450221008b9d1dc26ba6a9cb62127b02742fa9d754cd3bebf3"
        + "37f7a55d114c8e5cdd30be022040529b194ba3f9281a99f2b1c0a19c0489bc22ede944ccf4ecbab4cc618ef3ed01eeffffffef51e1b804cc89d182d279655c3aa89e815b1b309f"
        + "e287d9b2b55d57b90ec68a0100000000ffffffff02202cb206000000001976a9148280b37df378db99f66f85c95a783a76ac7a6d5988ac9093510d000000001976a9143bde42db"
        + "ee7e4dbe6a21b2d50ce2f0167faa815988ac000247304402203609e17b84f6a7d30c80bfa610b5b4542f32a8a0d5447a12fb1366d7f01cc44a0220573a954c4518331561406f90"
        + "300e8f3358f51928d43c212a8caed02de67eebee0121025476c2e83188368da1ff3e292e7acafcdb3566bb0ad253f62fc70f07aeee635711000000";

    private const string FirstScript = "76a9148280b37df378db99f66f85c95a783a76ac7a6d5988ac";
    private const string SecondScript = "76a9143bde42dbee7e4dbe6a21b2d50ce2f0167faa815988ac";

    [Fact]
    public void A_payment_in_a_block_is_found_with_its_outpoint_and_amount()
    {
        var scanned = Scan(GenesisBlock, $"41{GenesisKey}ac");

        Assert.Equal(
            [new ScannedOutput("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b:0", $"41{GenesisKey}ac", 5_000_000_000)], scanned);
    }

    [Fact]
    public void The_id_of_a_transaction_leaves_its_witness_out()
    {
        var reader = new TransactionReader(Convert.FromHexString(WitnessTransaction));
        reader.Begin();
        while (reader.NextOutput(out _))
        {
        }

        reader.End();

        Assert.Equal(WitnessTransaction.Length / 2, reader.Position);
        Assert.Equal(TxId.Of(Stripped(WitnessTransaction)), reader.Id());
    }

    [Fact]
    public void Every_output_of_a_block_is_found_with_the_index_in_its_own_transaction()
    {
        var block = Block(GenesisCoinbase, WitnessTransaction, WitnessTransaction);
        var id = TxId.Of(Stripped(WitnessTransaction));

        var scanned = Scan(block, SecondScript, FirstScript);

        Assert.Equal(
            [
                new ScannedOutput($"{id}:0", FirstScript, 112_340_000), new ScannedOutput($"{id}:1", SecondScript, 223_450_000),
                new ScannedOutput($"{id}:0", FirstScript, 112_340_000), new ScannedOutput($"{id}:1", SecondScript, 223_450_000),
            ],
            scanned);
    }

    [Fact]
    public void Litecoins_last_transaction_and_the_MWEB_block_behind_it_are_passed_over()
    {
        // HogEx: flag 0x08, and a zero byte where an unconfirmed transaction has its MWEB data.
        var hogEx = "02000000" + "0008" + "01" + new string('a', 72) + "00" + "ffffffff" + "01" + "e803000000000000" + "19" + FirstScript + "00" + "00000000";

        var scanned = Scan(Block(GenesisCoinbase, hogEx) + "01deadbeef", FirstScript);

        var plain = "02000000" + "01" + new string('a', 72) + "00" + "ffffffff" + "01" + "e803000000000000" + "19" + FirstScript + "00000000";
        Assert.Equal([new ScannedOutput($"{TxId.Of(Convert.FromHexString(plain))}:0", FirstScript, 1_000)], scanned);
    }

    [Fact]
    public void An_unconfirmed_transaction_is_read_up_to_its_MWEB_data()
    {
        var pegIn = "02000000" + "0008" + "01" + new string('a', 72) + "00" + "ffffffff" + "01" + "e803000000000000" + "19" + FirstScript + "01c0ffee" + "00000000";
        var id = TxId.Parse(new string('b', 64));
        var watched = Watched(FirstScript);

        var scanned = new OutputScanner().Transaction(new ChainTransaction(id, Convert.FromHexString(pegIn)), watched, out var all);

        Assert.Equal([new ScannedOutput($"{id}:0", FirstScript, 1_000)], scanned);
        Assert.Single(all);
    }

    [Fact]
    public void Whatever_is_cut_off_is_refused_and_never_read_beyond()
    {
        var block = Convert.FromHexString(Block(GenesisCoinbase, WitnessTransaction));
        var watched = Watched(FirstScript);

        for (var length = 80; length < block.Length; length++)
        {
            Assert.Throws<FormatException>(() => new OutputScanner().Block(block.AsSpan(0, length), watched));
        }
    }

    [Fact]
    public void A_count_beyond_the_end_is_refused_at_once()
    {
        var block = Convert.FromHexString(new string('0', 160) + "ffffffffffffffffff");

        Assert.Throws<FormatException>(() => new OutputScanner().Block(block, Watched(FirstScript)));
    }

    [Fact]
    public void An_id_is_written_as_it_was_read()
    {
        const string text = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b";

        Assert.Equal(text, TxId.Parse(text).ToString());
        Assert.Equal(TxId.Parse(text), TxId.Parse(System.Text.Encoding.ASCII.GetBytes(text)));
        Assert.Throws<FormatException>(() => TxId.Parse(text[1..]));
        Assert.Throws<FormatException>(() => TxId.Parse(System.Text.Encoding.ASCII.GetBytes("g" + text[1..])));
    }

    private static IReadOnlyList<ScannedOutput> Scan(string block, params string[] scripts) =>
        new OutputScanner().Block(Convert.FromHexString(block), Watched(scripts));

    private static WatchedScripts Watched(params string[] scripts)
    {
        var watched = new WatchedScripts();
        foreach (var script in scripts)
        {
            watched.Add(watched.Fingerprint(Convert.FromHexString(script)));
        }

        return watched;
    }

    private static string Block(params string[] transactions) =>
        new string('0', 160) + transactions.Length.ToString("x2", System.Globalization.CultureInfo.InvariantCulture) + string.Concat(transactions);

    /// <summary>The example without marker, flag and witnesses, whose places BIP 143 shows.</summary>
    private static byte[] Stripped(string transaction)
    {
        var witness = transaction.IndexOf("000247304402203609", StringComparison.Ordinal);
        return Convert.FromHexString(transaction[..8] + transaction[12..witness] + transaction[^8..]);
    }
}
