using Microsoft.Extensions.Logging;

namespace OpenBitum.Orders;

public sealed partial class OrderGrain
{
    private void LogChange(OrderState? before, OrderState after)
    {
        if (before is null || before.Status != after.Status)
        {
            LogStatus(id.Value, after.Status, after.Merchant.Value);
        }

        if (after.Review is not ReviewReasons.None && after.Review != before?.Review)
        {
            LogReview(id.Value, after.Review);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Order} of {Merchant} is {Status}")]
    private partial void LogStatus(string order, OrderStatus status, string merchant);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Order} needs review: {Reasons}")]
    private partial void LogReview(string order, ReviewReasons reasons);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Order} never left its draft and gave back what it had taken")]
    private partial void LogAbandoned(string order);
}
