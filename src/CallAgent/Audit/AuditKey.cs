using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace CallAgent;

/// <summary>
/// Signs entries, seals and the ends of chains by keys that follow from SECRET_KEY: who has the database alone, even as
/// its owner, can neither write an entry nor mend a chain.
/// </summary>
internal sealed class AuditKey(Secrets secrets)
{
    private readonly Signer entries = secrets.SignerFor("audit-entries");
    private readonly Signer chains = secrets.SignerFor("audit-chains");

    public void Sign(AuditEntry entry) => entry.Mac = entries.Sign(TextOf(entry).Written);

    public bool IsSigned(AuditEntry entry) => entries.IsSigned(TextOf(entry).Written, entry.Mac);

    /// <summary>The seals of entries that follow the end of a chain, which moves on to the last of them.</summary>
    public List<AuditSeal> Seal(AuditChain chain, List<UnsealedEntry> entries)
    {
        var seals = entries.ConvertAll(e => new AuditSeal
        {
            UserId = chain.UserId,
            Sequence = ++chain.Sequence,
            EntryId = e.Id,
            Hash = chain.Hash = chains.Sign(TextOf(chain.UserId, chain.Hash, chain.Sequence, e.Id, e.Mac).Written),
        });
        Sign(chain);
        return seals;
    }

    public bool IsSealed(AuditSeal seal, byte[] previous, byte[] entryMac) =>
        chains.IsSigned(TextOf(seal.UserId, previous, seal.Sequence, seal.EntryId, entryMac).Written, seal.Hash);

    public void Sign(AuditChain chain) => chain.Mac = chains.Sign(TextOf(chain).Written);

    public bool IsSigned(AuditChain chain) => chains.IsSigned(TextOf(chain).Written, chain.Mac);

    private static Canonical TextOf(Guid userId, byte[] previous, long sequence, Guid entryId, byte[] entryMac)
    {
        var text = new Canonical("seal");
        text.Add(userId);
        text.Add(previous);
        text.Add(sequence);
        text.Add(entryId);
        text.Add(entryMac);
        return text;
    }

    private static Canonical TextOf(AuditChain chain)
    {
        var text = new Canonical("chain");
        text.Add(chain.UserId);
        text.Add(chain.Sequence);
        text.Add(chain.Hash);
        text.Add(chain.AnchorSequence);
        text.Add(chain.AnchorHash);
        return text;
    }

    private static Canonical TextOf(AuditEntry entry)
    {
        var text = new Canonical("entry");
        text.Add(entry.UserId);
        text.Add(entry.Id);
        text.Add(entry.OccurredAt.ToUnixTimeMilliseconds());
        text.Add(entry.Kind.ToText());
        text.Add(entry.Action);
        text.Add(entry.ResourceId ?? Guid.Empty);
        text.Add(entry.ActorKind.ToText());
        text.Add(entry.ActorId ?? Guid.Empty);
        text.Add(entry.ActorName);
        text.Add(entry.Address);
        text.Add(entry.RequestId);
        text.Add(entry.Changes);
        text.Add(entry.Details);
        return text;
    }

    /// <summary>Values one after another, each with its length, so that no two rows have the same bytes.</summary>
    private readonly struct Canonical
    {
        private readonly ArrayBufferWriter<byte> bytes = new(512);

        public Canonical(string of) => Add(of);

        public ReadOnlySpan<byte> Written => bytes.WrittenSpan;

        public void Add(string? value)
        {
            if (value is null)
            {
                Add(-1L);
                return;
            }
            Add((long)Encoding.UTF8.GetByteCount(value));
            Encoding.UTF8.GetBytes(value, bytes);
        }

        public void Add(byte[] value)
        {
            Add((long)value.Length);
            bytes.Write(value);
        }

        public void Add(Guid value)
        {
            value.TryWriteBytes(bytes.GetSpan(16), bigEndian: true, out _);
            bytes.Advance(16);
        }

        public void Add(long value)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.GetSpan(8), value);
            bytes.Advance(8);
        }
    }
}
