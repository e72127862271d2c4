using Orleans.Storage;
using Xunit;

namespace OpenBitum.Storage;

public sealed class GrainRecordTests
{
    private static readonly GrainId Order = new("order", "ord_1");

    [Fact]
    public async Task A_record_that_was_never_written_is_new_and_has_no_etag()
    {
        await using var fixture = new StoreFixture();
        var records = fixture.Records(await fixture.Open());
        var state = new Held { State = new Basket { Text = "left over" }, ETag = "7", RecordExists = true };

        await records.ReadStateAsync("order", Order, state);

        Assert.Equal((null, null, false), (state.State.Text, state.ETag, state.RecordExists));
    }

    [Fact]
    public async Task A_record_reads_back_as_it_was_written_also_after_a_restart()
    {
        await using var fixture = new StoreFixture();
        var store = await fixture.Open();
        var written = new Held { State = new Basket { Text = "zwölf – 12 😀", Count = 12 } };
        await fixture.Records(store).WriteStateAsync("order", Order, written);
        await store.Stop(CancellationToken.None);

        var read = new Held();
        await fixture.Records(await fixture.Open()).ReadStateAsync("order", Order, read);

        Assert.Equal((written.State, written.ETag, true), (read.State, read.ETag, read.RecordExists));
    }

    [Fact]
    public async Task Records_of_different_states_and_keys_are_apart()
    {
        await using var fixture = new StoreFixture();
        var records = fixture.Records(await fixture.Open());
        await records.WriteStateAsync("order", Order, new Held { State = new Basket { Count = 1 } });
        await records.WriteStateAsync("product", Order, new Held { State = new Basket { Count = 2 } });
        await records.WriteStateAsync("order", new GrainId("order", ""), new Held { State = new Basket { Count = 3 } });

        Assert.Equal(1, await Count("order", Order));
        Assert.Equal(2, await Count("product", Order));
        Assert.Equal(3, await Count("order", new GrainId("order", "")));

        async Task<int> Count(string stateName, GrainId grainId)
        {
            var state = new Held();
            await records.ReadStateAsync(stateName, grainId, state);
            return state.State.Count;
        }
    }

    [Fact]
    public async Task Of_two_writers_with_one_etag_the_second_is_refused_and_changes_nothing()
    {
        await using var fixture = new StoreFixture();
        var records = fixture.Records(await fixture.Open());
        var first = new Held { State = new Basket { Count = 1 } };
        await records.WriteStateAsync("order", Order, first);
        var second = new Held();
        await records.ReadStateAsync("order", Order, second);

        first.State = new Basket { Count = 2 };
        await records.WriteStateAsync("order", Order, first);
        second.State = new Basket { Count = 3 };
        var stale = second.ETag;
        var refusal = await Assert.ThrowsAsync<InconsistentStateException>(
            () => records.WriteStateAsync("order", Order, second));

        Assert.Equal((first.ETag, stale), (refusal.StoredEtag, refusal.CurrentEtag));
        await records.ReadStateAsync("order", Order, second);
        Assert.Equal(2, second.State.Count);
    }

    [Fact]
    public async Task A_first_write_is_refused_when_the_record_exists()
    {
        await using var fixture = new StoreFixture();
        var records = fixture.Records(await fixture.Open());
        await records.WriteStateAsync("order", Order, new Held());

        await Assert.ThrowsAsync<InconsistentStateException>(() => records.WriteStateAsync("order", Order, new Held()));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("not an etag")]
    public async Task A_write_with_an_etag_is_refused_when_there_is_no_record(string etag)
    {
        await using var fixture = new StoreFixture();
        var records = fixture.Records(await fixture.Open());

        var refusal = await Assert.ThrowsAsync<InconsistentStateException>(
            () => records.WriteStateAsync("order", Order, new Held { ETag = etag }));

        Assert.Null(refusal.StoredEtag);
    }

    [Fact]
    public async Task A_record_that_is_cleared_and_written_anew_never_repeats_an_etag()
    {
        await using var fixture = new StoreFixture();
        var store = await fixture.Open();
        var records = fixture.Records(store);
        var state = new Held();
        await records.WriteStateAsync("order", Order, state);
        var old = new Held { ETag = state.ETag };
        await records.ClearStateAsync("order", Order, state);
        Assert.Equal((null, false), (state.ETag, state.RecordExists));
        await records.WriteStateAsync("order", Order, state);

        await Assert.ThrowsAsync<InconsistentStateException>(() => records.WriteStateAsync("order", Order, old));
        await Assert.ThrowsAsync<InconsistentStateException>(() => records.ClearStateAsync("order", Order, old));
    }

    [Fact]
    public async Task Etags_grow_over_a_kill_and_a_restart()
    {
        await using var fixture = new StoreFixture();
        var store = await fixture.Open();
        var state = new Held();
        await fixture.Records(store).WriteStateAsync("order", Order, state);
        var before = long.Parse(state.ETag!, null);
        store.Kill();

        await fixture.Records(await fixture.Open()).WriteStateAsync("order", Order, state);

        Assert.True(long.Parse(state.ETag!, null) > before, $"{state.ETag} after {before}");
    }

    [Fact]
    public async Task Clearing_twice_and_clearing_nothing_is_no_conflict_but_clearing_unread_is()
    {
        await using var fixture = new StoreFixture();
        var records = fixture.Records(await fixture.Open());
        var state = new Held();
        await records.ClearStateAsync("order", Order, state);
        await records.WriteStateAsync("order", Order, state);

        await Assert.ThrowsAsync<InconsistentStateException>(() => records.ClearStateAsync("order", Order, new Held()));

        await records.ClearStateAsync("order", Order, state);
        await records.ClearStateAsync("order", Order, state);
        Assert.False(state.RecordExists);
    }

    private sealed record Basket
    {
        public string? Text { get; init; }

        public int Count { get; init; }
    }

    private sealed class Held : IGrainState<Basket>
    {
        public Basket State { get; set; } = new();

        public string? ETag { get; set; }

        public bool RecordExists { get; set; }
    }
}
