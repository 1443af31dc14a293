using System.Net;
using CallAgent.Server;
using Microsoft.Extensions.Time.Testing;

namespace CallAgent.Tests;

public sealed class LocalBucketsTests
{
    private static readonly Quota Small = new("user", 60, 10);

    private readonly FakeTimeProvider clock = new();

    [Fact]
    public async Task Many_at_once_get_exactly_the_burst()
    {
        var buckets = new LocalBuckets(clock);
        var bucket = Of(Guid.CreateVersion7(), new Quota("user", 60, 1_000));
        var let = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() =>
            Enumerable.Range(0, 500).Count(_ => buckets.Take([bucket])[0].IsAllowed))));
        Assert.Equal(1_000, let.Sum());
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => buckets.Take([bucket])[0].IsAllowed));
    }

    [Fact]
    public void A_request_is_taken_from_all_its_counts_or_from_none()
    {
        var buckets = new LocalBuckets(clock);
        var user = Guid.CreateVersion7();
        var (key, all) = (new Bucket(new(user, Guid.CreateVersion7(), IsAddress: false), new("key", 60, 3)), Of(user, Small));
        var both = Enumerable.Range(0, 20).Count(_ => buckets.Take([key, all]).All(s => s.IsAllowed));
        Assert.Equal(3, both);
        Assert.Equal(7, Enumerable.Range(0, 20).Count(_ => buckets.Take([all])[0].IsAllowed));
    }

    [Fact]
    public void A_flood_of_addresses_takes_bounded_memory_and_does_not_get_in_by_its_number()
    {
        var buckets = new LocalBuckets(clock);
        var let = 0;
        for (var i = 0; i < 600_000; i++)
        {
            let += buckets.Take([Of(Guid.CreateVersion7(), new Quota("address", 60, 1))])[0].IsAllowed ? 1 : 0;
        }
        Assert.InRange(buckets.Count, 1, 64 * (LocalBuckets.MostInStripe + 1));
        Assert.InRange(let, 1, 64 * (LocalBuckets.MostInStripe + 1));
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True(buckets.Take([Of(Guid.CreateVersion7(), Small)])[0].IsAllowed);
        for (var i = 0; i < 1_000; i++)
        {
            buckets.Take([Of(Guid.CreateVersion7(), Small)]);
        }
        Assert.InRange(buckets.Count, 1, 1_001);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void Addresses_behind_one_network_of_IPv6_are_one(string first, string second, bool same) =>
        Assert.Equal(same, Networks.OwnerOf(IPAddress.Parse(first)) == Networks.OwnerOf(IPAddress.Parse(second)));

    private static Bucket Of(Guid owner, Quota quota) => new(new(owner, Guid.Empty, IsAddress: false), quota);
}
