using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CallAgent;

/// <summary>
/// Signs entries, seals and the ends of chains by keys that follow from SECRET_KEY: who has the database alone, even as
/// its owner, can neither write an entry nor mend a chain.
/// </summary>
internal sealed class AuditKey(Secrets secrets)
{
    private readonly byte[] entries = secrets.Derive("audit-entries");
    private readonly byte[] chains = secrets.Derive("audit-chains");

    public void Sign(AuditEntry entry) => entry.Mac = MacOf(entry);

    public bool IsSigned(AuditEntry entry) => CryptographicOperations.FixedTimeEquals(entry.Mac, MacOf(entry));

    /// <summary>The seal of an entry after another seal; before the first one that is empty.</summary>
    public byte[] Seal(Guid userId, byte[] previous, long sequence, Guid entryId, byte[] entryMac)
    {
        var text = new Canonical("seal");
        text.Add(userId);
        text.Add(previous);
        text.Add(sequence);
        text.Add(entryId);
        text.Add(entryMac);
        return HMACSHA256.HashData(chains, text.Written);
    }

    public void Sign(AuditChain chain) => chain.Mac = MacOf(chain);

    public bool IsSigned(AuditChain chain) => CryptographicOperations.FixedTimeEquals(chain.Mac, MacOf(chain));

    private byte[] MacOf(AuditChain chain)
    {
        var text = new Canonical("chain");
        text.Add(chain.UserId);
        text.Add(chain.Sequence);
        text.Add(chain.Hash);
        text.Add(chain.AnchorSequence);
        text.Add(chain.AnchorHash);
        return HMACSHA256.HashData(chains, text.Written);
    }

    private byte[] MacOf(AuditEntry entry)
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
        return HMACSHA256.HashData(entries, text.Written);
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
