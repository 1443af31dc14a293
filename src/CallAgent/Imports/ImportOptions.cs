namespace CallAgent;

/// <summary>What may be said about an import before it runs.</summary>
internal static class ImportOptions
{
    /// <summary>States in which nothing goes on.</summary>
    public static readonly Client.ImportState[] AtRest =
        [Client.ImportState.Uploaded, Client.ImportState.Cancelled, Client.ImportState.Completed, Client.ImportState.Failed, Client.ImportState.Undone];

    public static Problem? Apply(Import import, Client.UpdateImport request) =>
        ApplyMapping(import, request) ?? ApplyRegion(import, request) ?? ApplyRest(import, request);

    private static Problem? ApplyMapping(Import import, Client.UpdateImport request)
    {
        if (!request.Mapping.IsSet)
        {
            return null;
        }
        var (mapping, errors) = (import.Mapping.ToList(), new Dictionary<string, string[]>());
        foreach (var (column, field) in request.Mapping.Value)
        {
            var at = import.Columns.ToList().IndexOf(column);
            if (at < 0)
            {
                errors[$"mapping.{column}"] = ["Is not a column of the file."];
            }
            else if (!ImportFields.IsField(field))
            {
                errors[$"mapping.{column}"] = ["Must be phone_number, first_name, last_name, full_name, email, company, status, tags, custom_fields.NAME, custom_fields or ignore."];
            }
            else
            {
                mapping[at] = field;
            }
        }
        foreach (var twice in mapping.Where(f => f is not (ImportFields.Ignore or ImportFields.TagList)).GroupBy(f => f).Where(g => g.Count() > 1))
        {
            errors[$"mapping.{import.Columns[mapping.LastIndexOf(twice.Key)]}"] = [$"Another column becomes {twice.Key} already."];
        }
        import.Mapping = mapping;
        return errors.Count == 0 ? null : Problem.Invalid(errors);
    }

    private static Problem? ApplyRegion(Import import, Client.UpdateImport request)
    {
        if (request.DefaultRegion.IsSet)
        {
            var region = request.DefaultRegion.Value.ToUpperInvariant();
            if (!Phone.IsRegion(region))
            {
                return Problem.Invalid("default_region", "Is not a region such as US or DE.");
            }
            import.DefaultRegion = region;
        }
        return null;
    }

    private static Problem? ApplyRest(Import import, Client.UpdateImport request)
    {
        if (request.Tags.IsSet)
        {
            var tags = Tags.NormaliseAll(request.Tags.Value);
            if (tags.Problem is not null)
            {
                return tags.Problem;
            }
            import.Tags = tags.Value;
        }
        import.OnDuplicate = request.OnDuplicate.Or(import.OnDuplicate);
        import.Status = request.Status.Or(import.Status);
        // What a dry run has said before no longer holds.
        import.Reset();
        import.DryRun = false;
        return null;
    }
}
