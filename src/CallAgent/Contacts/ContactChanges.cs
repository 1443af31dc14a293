namespace CallAgent;

/// <summary>The rules by which a contact changes, wherever the change comes from.</summary>
internal static class ContactChanges
{
    /// <summary>Applies a change, or says everything that is wrong with it; the contact is then not to be saved.</summary>
    /// <param name="region">How a number without <c>+</c> is read.</param>
    public static Problem? Apply(Contact contact, Client.UpdateContact request, string region)
    {
        var errors = new Dictionary<string, string[]>();
        ApplyPhone(contact, request, region, errors);
        ApplyEmail(contact, request, errors);
        ApplyTags(contact, request, errors);
        ApplyCustomFields(contact, request, errors);
        contact.FirstName = Text.Blank(request.FirstName.Or(contact.FirstName)) ?? "";
        contact.LastName = Text.Blank(request.LastName.Or(contact.LastName)) ?? "";
        contact.Company = Text.Blank(request.Company.Or(contact.Company)) ?? "";
        contact.Status = request.Status.Or(contact.Status);
        return errors.Count == 0 ? null : Problem.Invalid(errors);
    }

    /// <summary>Everything that is wrong with a change: what its declared limits say, and what there is to say of its other fields.</summary>
    public static Problem? Check(Client.UpdateContact request, string region) => Validation.Of(request) is { } invalid ? All(invalid, request, region) : null;

    /// <summary>What was found to be wrong with a change, and what its other fields are.</summary>
    public static Problem All(Problem invalid, Client.UpdateContact request, string region)
    {
        var others = request with
        {
            PhoneNumber = IsSound("phone_number") ? request.PhoneNumber : default,
            Email = IsSound("email") ? request.Email : default,
            Tags = IsSound("tags") ? request.Tags : default,
            CustomFields = IsSound("custom_fields") ? request.CustomFields : default,
        };
        return invalid.And(Apply(Nobody(), others, region));

        bool IsSound(string field) => !invalid.Errors!.Keys.Any(k => k.StartsWith(field, StringComparison.Ordinal));
    }

    /// <summary>Whether nothing is wrong with a change that has no number.</summary>
    public static bool Takes(Client.UpdateContact request) => (Validation.Of(request) ?? Apply(Nobody(), request, region: "")) is null;

    private static Contact Nobody() => new()
    {
        Id = default,
        PhoneNumber = "",
        PhoneValid = false,
        CustomFields = Json.Empty,
        CreatedAt = default,
        UpdatedAt = default,
    };

    private static void ApplyPhone(Contact contact, Client.UpdateContact request, string region, Dictionary<string, string[]> errors)
    {
        if (!request.PhoneNumber.IsSet)
        {
            return;
        }
        if (Phone.Parse(request.PhoneNumber.Value, region) is { } phone)
        {
            (contact.PhoneNumber, contact.PhoneValid) = (phone.E164, phone.IsValid);
        }
        else
        {
            errors["phone_number"] = ["Is not a phone number: 7 to 15 digits, with + and country code or in national form."];
        }
    }

    private static void ApplyEmail(Contact contact, Client.UpdateContact request, Dictionary<string, string[]> errors)
    {
        if (!request.Email.IsSet)
        {
            return;
        }
        var text = Text.Blank(request.Email.Value);
        if (text is not null && Emails.Normalise(text) is null)
        {
            errors["email"] = ["Is not an e-mail address."];
        }
        contact.Email = text ?? "";
    }

    private static void ApplyTags(Contact contact, Client.UpdateContact request, Dictionary<string, string[]> errors)
    {
        if (!request.Tags.IsSet)
        {
            return;
        }
        var tags = Tags.NormaliseAll(request.Tags.Value);
        if (tags.Problem is { } problem)
        {
            Add(problem, errors);
        }
        else
        {
            contact.Tags = tags.Value;
        }
    }

    private static void ApplyCustomFields(Contact contact, Client.UpdateContact request, Dictionary<string, string[]> errors)
    {
        if (!request.CustomFields.IsSet)
        {
            return;
        }
        if (Json.CheckBounds("custom_fields", request.CustomFields.Value) is { } problem)
        {
            Add(problem, errors);
        }
        contact.CustomFields = request.CustomFields.Value;
    }

    private static void Add(Problem problem, Dictionary<string, string[]> errors)
    {
        foreach (var (field, messages) in problem.Errors!)
        {
            errors[field] = messages;
        }
    }
}
