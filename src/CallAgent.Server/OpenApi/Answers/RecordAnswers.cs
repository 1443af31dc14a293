using System.Text.Json;

namespace CallAgent.Server;

/// <summary>Answers about files that come in, and about the log of what was done.</summary>
internal static class RecordAnswers
{
    public static IEnumerable<object> All =>
    [
        new Client.Import
        {
            Id = Sample.Id,
            UserId = Sample.UserId,
            FileName = "fair.csv",
            Encoding = "utf-8",
            Delimiter = ";",
            State = Client.ImportState.Completed,
            Columns = [new() { Name = "Telefon", Field = "phone_number" }, new() { Name = "Notiz", Field = "custom_fields.note" }],
            DefaultRegion = "DE",
            OnDuplicate = Client.OnDuplicate.Update,
            Tags = ["fair-2026"],
            Status = Client.ContactStatus.New,
            DryRun = false,
            Counts = new() { Rows = 100, Done = 100, Created = 90, Updated = 7, Skipped = 0, Failed = 3, Undone = 0, Kept = 0 },
            Problem = null,
            CreatedAt = Sample.Morning,
            StartedAt = Sample.Morning.AddSeconds(30),
            FinishedAt = Sample.Later,
            Version = 4,
            ExpiresAt = Sample.Morning.AddDays(30),
        },
        new Client.ImportRow
        {
            Number = 12,
            Outcome = Client.RowOutcome.Created,
            Reason = null,
            ContactId = Sample.ContactId,
            Undo = null,
            Cells = ["030 901820", "Stand 12"],
        },
        new Client.ImportPreview
        {
            Rows =
            [
                new()
                {
                    Number = 1,
                    Outcome = Client.RowOutcome.Created,
                    Reason = null,
                    Problems = new Dictionary<string, string[]>(),
                    Contact = new()
                    {
                        PhoneNumber = "+4930901820",
                        PhoneValid = true,
                        FirstName = "Grace",
                        LastName = "Hopper",
                        Email = "grace@navy.example",
                        Company = "Navy",
                        Status = Client.ContactStatus.New,
                        Tags = ["fair-2026"],
                        CustomFields = new Dictionary<string, JsonElement> { ["note"] = Sample.Json("Stand 12") },
                    },
                    Cells = ["030 901820", "Grace", "Hopper", "grace@navy.example", "Navy", "Stand 12"],
                },
            ],
        },
        new Client.AuditEntry
        {
            Id = Sample.Id,
            OccurredAt = Sample.Morning,
            Kind = Client.AuditKind.Write,
            Action = "contact.update",
            Resource = "contact",
            ResourceId = Sample.ContactId,
            ActorKind = Client.AuditActorKind.Member,
            ActorId = Sample.MemberId,
            ActorName = "Ada Lovelace",
            Address = "192.0.2.17",
            RequestId = "0af7651916cd43dd8448eb211c80319c",
            Changes = new Dictionary<string, Client.AuditChange> { ["status"] = new() { From = Sample.Json("new"), To = Sample.Json("interested") } },
            Details = new Dictionary<string, JsonElement> { ["times"] = Sample.Json(1) },
        },
        new Client.AuditChain
        {
            Sequence = 1_204,
            Hash = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
            SealedThrough = Sample.Morning,
            PrunedThrough = 0,
            Checked = 1_000,
            IsIntact = true,
            Faults = [],
        },
    ];
}
