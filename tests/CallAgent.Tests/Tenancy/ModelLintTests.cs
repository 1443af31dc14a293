using Microsoft.EntityFrameworkCore;

namespace CallAgent.Tests;

/// <summary>The lint of the model notices each way of forgetting the user.</summary>
public sealed class ModelLintTests
{
    [Fact]
    public void The_model_leaves_no_finding_on_either_database()
    {
        using var sqlite = new SqliteDesignTime().CreateDbContext([]);
        using var postgres = new PostgresDesignTime().CreateDbContext([]);

        Assert.Empty(TenancyModel.Violations(sqlite.Model));
        Assert.Empty(TenancyModel.Violations(postgres.Model));
    }

    [Fact]
    public void It_finds_an_entity_without_a_user() => Expect("Loose has no user.", b => b.Entity<Loose>());

    [Fact]
    public void It_finds_an_entity_without_the_filter() =>
        Expect("Owned has no tenant filter.", b => b.Entity<Owned>().HasKey(o => new { o.UserId, o.Id }));

    [Fact]
    public void It_finds_a_key_that_does_not_begin_with_the_user() => Expect("does not begin with user_id", b => b.Entity<Owned>().HasKey(o => o.Id));

    [Fact]
    public void It_finds_a_unique_index_over_all_users() => Expect("Unique index", b =>
    {
        b.Entity<Owned>().HasKey(o => new { o.UserId, o.Id });
        b.Entity<Owned>().HasIndex(o => o.Name).IsUnique();
    });

    [Fact]
    public void It_finds_a_foreign_key_that_could_cross_users() => Expect("Foreign key", b =>
    {
        b.Entity<Owned>().HasKey(o => o.Id);
        b.Entity<Child>().HasKey(c => new { c.UserId, c.Id });
        b.Entity<Child>().HasOne<Owned>().WithMany().HasForeignKey(c => c.OwnedId);
    });

    private static void Expect(string finding, Action<ModelBuilder> build)
    {
        using var db = new Faulty(build);
        Assert.Contains(TenancyModel.Violations(db.Model), v => v.Contains(finding, StringComparison.Ordinal));
    }

    private sealed class Faulty(Action<ModelBuilder> build) : DbContext
    {
        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder
            .UseSqlite("Data Source=:memory:")
            .ReplaceService<Microsoft.EntityFrameworkCore.Infrastructure.IModelCacheKeyFactory, NoCache>();

        protected override void OnModelCreating(ModelBuilder modelBuilder) => build(modelBuilder);
    }

    private sealed class NoCache : Microsoft.EntityFrameworkCore.Infrastructure.IModelCacheKeyFactory
    {
        public object Create(DbContext context, bool designTime) => new();
    }

    private sealed class Loose
    {
        public int Id { get; set; }
    }

    private sealed class Owned : ITenantOwned
    {
        public Guid UserId { get; set; }
        public Guid Id { get; set; }
        public string Name { get; set; } = "";
    }

    private sealed class Child : ITenantOwned
    {
        public Guid UserId { get; set; }
        public Guid Id { get; set; }
        public Guid OwnedId { get; set; }
    }
}
