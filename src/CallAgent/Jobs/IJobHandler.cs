namespace CallAgent;

/// <summary>Works off the jobs of one queue.</summary>
internal interface IJobHandler
{
    /// <summary>What its jobs carry in <see cref="Job.Queue"/>.</summary>
    string Queue { get; }

    /// <summary>Its jobs are never given up, and are done for users that cannot sign in too.</summary>
    bool IsUpkeep => false;

    /// <summary>
    /// Does the job, or a part of a few seconds of it, as its user. It may be done again when a node died in between, so
    /// results are written under <see cref="JobLease.HoldAsync"/>.
    /// </summary>
    /// <returns>When to go on; <c>null</c> when the job is done.</returns>
    Task<DateTimeOffset?> WorkAsync(Workspace workspace, JobLease lease, CancellationToken cancellation);

    /// <summary>The job failed too often and is dropped; the record that it is about should say so.</summary>
    Task GiveUpAsync(Workspace workspace, JobLease lease, CancellationToken cancellation);
}
