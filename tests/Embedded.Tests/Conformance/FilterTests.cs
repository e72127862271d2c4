using OpenBitum.Tests.Hosting;

namespace OpenBitum.Conformance;

public sealed class FilterTests : ConformanceTest
{
    [Theory, InEveryMode]
    public Task Filters_nest_in_the_order_they_were_added(string mode) => Run(
        mode,
        options => Observing(options, silo => silo
            .AddIncomingGrainCallFilter(Around("outer"))
            .AddIncomingGrainCallFilter(Around("inner"))),
        async host =>
        {
            Assert.Equal(3, await host.GrainFactory.GetGrain<IFilteredGrain>("a").Add(1, 2));

            Assert.Equal(["outer before", "inner before", "inner after", "outer after"], Journal.Entries);
        });

    [Theory, InEveryMode]
    public Task Outgoing_filters_run_around_the_incoming_ones(string mode) => Run(
        mode,
        options => Observing(options, silo => silo
            .AddIncomingGrainCallFilter(Around("incoming"))
            .AddOutgoingGrainCallFilter(async context =>
            {
                if (IsOurs(context))
                {
                    Journal.Write("outgoing before");
                }

                await context.Invoke();
                if (IsOurs(context))
                {
                    Journal.Write("outgoing after");
                }
            })),
        async host =>
        {
            Assert.Equal(3, await host.GrainFactory.GetGrain<IFilteredGrain>("a").AskToAdd("b", 1, 2));

            Assert.Equal(["outgoing before", "incoming before", "incoming after", "outgoing after"], Journal.Entries);
        });

    [Theory, InEveryMode]
    public Task A_filter_sees_the_call(string mode) => Run(
        mode,
        options => Observing(options, silo => silo.AddIncomingGrainCallFilter(async context =>
        {
            await context.Invoke();
            if (IsOurs(context))
            {
                Journal.Write(context.InterfaceName);
                Journal.Write(context.MethodName);
                Journal.Write(context.InterfaceMethod.Name);
                Journal.Write(context.ImplementationMethod.DeclaringType!.Name);
                Journal.Write(context.TargetId.ToString());
                Journal.Write(context.Grain.GetType().Name);
                Journal.Write(context.TargetContext.GrainId.ToString());
                Journal.Write($"{context.Request.GetArgument(0)} and {context.Request.GetArgument(1)} of {context.Request.GetArgumentCount()}");
                Journal.Write($"{context.Result}");
                Journal.Write($"{context.SourceId}");
            }
        })),
        async host =>
        {
            await host.GrainFactory.GetGrain<IFilteredGrain>("a").AskToAdd("b", 1, 2);

            Assert.Equal(
                [
                    "OpenBitum.Conformance.IFilteredGrain", "Add", "Add", "FilteredGrain", "filtered/b", "FilteredGrain", "filtered/b",
                    "1 and 2 of 2", "3", "filtered/a",
                ],
                Journal.Entries);
        });

    [Theory, InEveryMode]
    public Task A_filter_may_change_the_arguments_and_the_result(string mode) => Run(
        mode,
        options => Observing(options, silo => silo.AddIncomingGrainCallFilter(async context =>
        {
            if (IsOurs(context))
            {
                context.Request.SetArgument(0, 40);
            }

            await context.Invoke();
            if (IsOurs(context))
            {
                context.Result = (int)context.Result! * 10;
            }
        })),
        async host => Assert.Equal(420, await host.GrainFactory.GetGrain<IFilteredGrain>("a").Add(1, 2)));

    [Theory, InEveryMode]
    public Task A_filter_may_answer_in_place_of_the_grain(string mode) => Run(
        mode,
        options => Observing(options, silo => silo.AddIncomingGrainCallFilter(context =>
        {
            if (!IsOurs(context))
            {
                return context.Invoke();
            }

            context.Result = 7;
            return Task.CompletedTask;
        })),
        async host => Assert.Equal(7, await host.GrainFactory.GetGrain<IFilteredGrain>("a").Add(1, 2)));

    [Theory, InEveryMode]
    public Task A_filter_sees_the_exception_and_may_throw_another(string mode) => Run(
        mode,
        options => Observing(options, silo => silo.AddIncomingGrainCallFilter(async context =>
        {
            try
            {
                await context.Invoke();
            }
            catch (RefusalException exception)
            {
                throw new RefusalException($"{exception.Message} and filtered");
            }
        })),
        async host =>
        {
            var exception = await Assert.ThrowsAsync<RefusalException>(() => host.GrainFactory.GetGrain<IFilteredGrain>("a").Fail());

            Assert.Equal("failed and filtered", exception.Message);
        });

    [Theory, InEveryMode]
    public Task A_filter_runs_in_a_turn_of_the_grain(string mode) => Run(
        mode,
        options => Observing(options, silo => silo.AddIncomingGrainCallFilter(async context =>
        {
            var scheduler = TaskScheduler.Current;
            await context.Invoke();
            if (IsOurs(context))
            {
                Journal.Write($"in the grain: {scheduler != TaskScheduler.Default && scheduler == TaskScheduler.Current}");
            }
        })),
        async host =>
        {
            await host.GrainFactory.GetGrain<IFilteredGrain>("a").Add(1, 2);

            Assert.Equal(["in the grain: True"], Journal.Entries);
        });

    [Theory, InEveryMode]
    public Task A_grain_may_filter_its_own_calls(string mode) => Run(mode, async host =>
    {
        await host.GrainFactory.GetGrain<ISelfFilteringGrain>("a").Add(1, 2);

        Assert.Equal(["own filter saw 3"], Journal.Entries);
    });

    [Theory, InEveryMode]
    public Task A_filter_of_a_type_gets_its_services(string mode) => Run(
        mode,
        options => Observing(options, silo => silo.AddIncomingGrainCallFilter<WritingFilter>()),
        async host =>
        {
            await host.GrainFactory.GetGrain<IFilteredGrain>("a").Add(1, 2);

            await Journal.Until("typed filter saw Add");
        });

    private static TestHostOptions Observing(TestHostOptions options, Action<ISiloBuilder> silo) => options with { Silo = silo };

    // The runtime's own calls pass the filters too, on either engine.
    private static bool IsOurs(IGrainCallContext context) => context.MethodName == nameof(IFilteredGrain.Add);

    private IncomingGrainCallFilterDelegate Around(string name) => async context =>
    {
        if (IsOurs(context))
        {
            Journal.Write($"{name} before");
        }

        await context.Invoke();
        if (IsOurs(context))
        {
            Journal.Write($"{name} after");
        }
    };
}

public sealed class WritingFilter(Journal journal) : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        journal.Write($"typed filter saw {context.MethodName}");
        return context.Invoke();
    }
}
