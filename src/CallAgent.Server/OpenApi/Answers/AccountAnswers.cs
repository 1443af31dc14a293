namespace CallAgent.Server;

/// <summary>Answers about signing in, members and what an account may do.</summary>
internal static class AccountAnswers
{
    private static readonly Client.ApiKey Key = new()
    {
        Id = Sample.Id,
        MemberId = Sample.MemberId,
        Name = "Dialer",
        Prefix = "ca_live_4fQz",
        Mode = Client.ApiKeyMode.Live,
        Scopes = ["contacts:read", "calls:write"],
        AllowedAddresses = ["192.0.2.0/24"],
        ExpiresAt = null,
        Version = 1,
        CreatedAt = Sample.Morning,
        UpdatedAt = Sample.Morning,
        LastUsedAt = Sample.Later,
    };

    private static readonly Client.Usage Usage = new()
    {
        Plan = Client.Plan.Free,
        Period = new() { Start = new(2026, 12, 1, 5, 0, 0, TimeSpan.Zero), End = new(2027, 1, 1, 5, 0, 0, TimeSpan.Zero) },
        Limits = PlanOffer.All[0].Limits,
        Figures = new() { Campaigns = 1, Contacts = 42, Calls = 120, CallsThisMonth = 17 },
        Features = PlanOffer.All[0].Features,
    };

    public static IEnumerable<object> All =>
    [
        new Client.Done { Message = "What was done, in a sentence." },
        new Client.SignedIn
        {
            Message = "Logged in.",
            User = new() { Id = Sample.UserId, Email = Sample.Email, FullName = "Ada Lovelace", CompanyName = "Acme Ltd", Plan = Client.Plan.Free, Role = Client.MemberRole.Owner },
        },
        new Client.Token { AccessToken = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTkzMmY0ZSJ9.c2lnbmF0dXJl", TokenType = "Bearer", ExpiresIn = 900, RefreshToken = "0Zt6zVQn2yq6mUO1bXf8sJ4kRw3hLp9dTgCeAiMvN5B" },
        new Client.Profile
        {
            Id = Sample.UserId,
            Email = Sample.Email,
            EmailVerified = true,
            FirstName = "Ada",
            LastName = "Lovelace",
            FullName = "Ada Lovelace",
            CompanyName = "Acme Ltd",
            PhoneNumber = "+14155550100",
            Plan = Client.Plan.Free,
            Status = Client.UserStatus.Active,
            Role = Client.MemberRole.Owner,
            Settings = new() { DefaultRegion = "US", TimeZone = "America/New_York" },
            Version = 2,
            CreatedAt = Sample.Morning,
        },
        new Client.ErasureCertificate
        {
            UserId = Sample.UserId,
            ErasedAt = Sample.Morning,
            Rows = new Dictionary<string, long> { ["contacts"] = 42, ["calls"] = 120 },
            Signature = "XghD4iQ6sSkPzBqv0mJc2lYx1RtWnEo7aUuKf9Zd3Hg",
        },
        new Client.Session
        {
            Id = Sample.Id,
            Device = "Firefox on Linux",
            UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            Address = "192.0.2.17",
            CreatedAt = Sample.Morning,
            LastSeenAt = Sample.Later,
            ExpiresAt = Sample.Morning.AddDays(30),
            IsCurrent = true,
        },
        new Client.TwoFactor { IsOn = true, RecoveryCodesLeft = 10 },
        new Client.TwoFactorSecret { Secret = "JBSWY3DPEHPK3PXP", Uri = "otpauth://totp/CallAgent:ada%40acme.example?secret=JBSWY3DPEHPK3PXP&issuer=CallAgent" },
        new Client.RecoveryCodes { Codes = ["4f7kq-9m2xd", "t3bwz-6hc8r"] },
        Key,
        new Client.CreatedApiKey
        {
            Id = Key.Id,
            MemberId = Key.MemberId,
            Name = Key.Name,
            Prefix = Key.Prefix,
            Mode = Key.Mode,
            Scopes = Key.Scopes,
            AllowedAddresses = Key.AllowedAddresses,
            ExpiresAt = Key.ExpiresAt,
            Version = Key.Version,
            CreatedAt = Key.CreatedAt,
            UpdatedAt = Key.UpdatedAt,
            LastUsedAt = null,
            Key = "ca_live_4fQz…",
        },
        new Client.Member
        {
            Id = Sample.MemberId,
            Email = "grace@acme.example",
            FirstName = "Grace",
            LastName = "Hopper",
            FullName = "Grace Hopper",
            EmailVerified = true,
            TwoFactor = true,
            Role = Client.MemberRole.Agent,
            Status = Client.MemberStatus.Active,
            LastSignedInAt = Sample.Later,
            Version = 3,
            CreatedAt = Sample.Morning,
            UpdatedAt = Sample.Later,
        },
        new Client.Invitation
        {
            Id = Sample.Id,
            Email = "grace@acme.example",
            Role = Client.MemberRole.Agent,
            InvitedBy = "Ada Lovelace",
            CreatedAt = Sample.Morning,
            ExpiresAt = Sample.Morning.AddDays(7),
        },
        Usage,
        new Client.Dashboard
        {
            User = new() { Id = Sample.UserId, Email = Sample.Email, FullName = "Ada Lovelace", CompanyName = "Acme Ltd", Plan = Client.Plan.Free, Status = Client.UserStatus.Active },
            Stats = new() { TotalCampaigns = 1, ActiveCampaigns = 1, TotalContacts = 42, NewContacts = 30, TotalConversations = 80, TotalCalls = 120, CompletedCalls = 90 },
            ContactsByStatus = new Dictionary<string, long> { ["new"] = 30, ["contacted"] = 12 },
            CallsByStatus = new Dictionary<string, long> { ["scheduled"] = 20, ["completed"] = 90, ["no_answer"] = 10 },
            ConversationsByStage = new Dictionary<string, long> { ["introduction"] = 50, ["closing"] = 30 },
            Period = new() { From = new(2026, 12, 1), To = new(2026, 12, 1), CampaignId = null, Totals = Figures, Before = Figures },
            Trends =
            [
                new()
                {
                    Date = new(2026, 12, 1),
                    NewContacts = Figures.NewContacts,
                    Calls = Figures.Calls,
                    CompletedCalls = Figures.CompletedCalls,
                    NoAnswerCalls = Figures.NoAnswerCalls,
                    BusyCalls = Figures.BusyCalls,
                    FailedCalls = Figures.FailedCalls,
                    Conversations = Figures.Conversations,
                    TalkSeconds = Figures.TalkSeconds,
                },
            ],
            Usage = Usage,
        },
        new Client.OperatedUser
        {
            Id = Sample.UserId,
            Email = Sample.Email,
            CompanyName = "Acme Ltd",
            Plan = Client.Plan.Professional,
            Status = Client.UserStatus.Active,
            CreatedAt = Sample.Morning,
            Campaigns = 1,
            Contacts = 42,
            Calls = 120,
            CallsThisMonth = 17,
        },
        new Client.Impersonation
        {
            Id = Sample.Id,
            UserId = Sample.UserId,
            Operator = "olive",
            Reason = "Ticket 4711: an import stops half way",
            CreatedAt = Sample.Morning,
            ExpiresAt = Sample.Later,
            Link = "https://crm.example/operator/enter?code=0Zt6zVQn2yq6mUO1bXf8sJ4kRw3hLp9dTgCeAiMvN5B",
        },
    ];

    private static Client.DashboardFigures Figures { get; } = new()
    {
        NewContacts = 5,
        Calls = 17,
        CompletedCalls = 12,
        NoAnswerCalls = 3,
        BusyCalls = 1,
        FailedCalls = 1,
        Conversations = 11,
        TalkSeconds = 1_840,
    };
}
