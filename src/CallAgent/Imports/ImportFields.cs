namespace CallAgent;

/// <summary>What a column can become, and what it most likely is.</summary>
internal static class ImportFields
{
    public const string Phone = "phone_number";
    public const string FirstName = "first_name";
    public const string LastName = "last_name";
    public const string FullName = "full_name";
    public const string Email = "email";
    public const string Company = "company";
    public const string Status = "status";
    public const string TagList = "tags";
    public const string CustomObject = "custom_fields";
    public const string Custom = "custom_fields.";
    public const string Ignore = "ignore";

    /// <summary>Added to the failed rows; ignored when they come back.</summary>
    public const string ProblemColumn = "import_problem";

    private const int MostCustomFields = 100;
    private const int LongestName = 100;

    private static readonly string[] Plain = [Phone, FirstName, LastName, FullName, Email, Company, Status, TagList, CustomObject, Ignore];

    // English, German, French, Spanish, Italian, Portuguese and Dutch, as spreadsheets and other CRMs call them.
    private static readonly Dictionary<string, string> Known = new (string Field, string Names)[]
    {
        (Phone, """
            phone phonenumber phoneno phonenr phone1 telephone telephonenumber tel telno telnr mobile mobilephone mobilenumber cell cellphone cellnumber
            number msisdn e164 primaryphone workphone businessphone contactnumber phonework phonemobile
            telefon telefonnummer telefonnr rufnummer mobil mobilnummer mobiltelefon handy handynummer handynr nummer festnetz
            numero numerodetelephone telephoneportable portable mobileportable ntelephone
            telefono numerodetelefono telefonomovil movil celular telefonofijo teléfono cellulare telefone telemovel telefoonnummer telefoon
            """),
        (FirstName, "firstname first givenname forename vorname rufname prenom nombre nombredepila primernombre nome voornaam fname"),
        (LastName, "lastname last surname familyname nachname familienname zuname nomdefamille apellido apellidos cognome sobrenome apelido achternaam lname"),
        (FullName, "name fullname contactname contact displayname kontakt ansprechpartner kontaktname nom nomcomplet nombrecompleto nombreyapellidos nomecompleto naam"),
        (Email, "email emailaddress mail mailaddress eaddress emailadresse mailadresse adressemail adresseemail courriel correo correoelectronico direcciondecorreo emails email1"),
        (Company, "company companyname organization organisation account accountname business employer firma firmenname unternehmen organisationseinheit entreprise societe empresa compania azienda bedrijf"),
        (Status, "status contactstatus leadstatus kontaktstatus statut estado stato"),
        (TagList, "tags tag labels label keywords schlagworte schlagwort etiketten etiquettes etiquetas etiqueta categories kategorien"),
        (CustomObject, "customfields"),
        (Ignore, "id userid phonevalid createdat updatedat importproblem"),
    }.SelectMany(f => f.Names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), (f, name) => (Name: Key(name), f.Field))
        .DistinctBy(k => k.Name).ToDictionary(k => k.Name, k => k.Field);

    public static bool IsField(string field) =>
        Plain.Contains(field) || (field.StartsWith(Custom, StringComparison.Ordinal) && field.Length > Custom.Length
            && field.Length <= Custom.Length + LongestName && Validation.OfText(field) is null);

    /// <summary>Names for the columns of a file: each once, none empty.</summary>
    public static List<string> NameColumns(IReadOnlyList<string> header)
    {
        var names = new List<string>();
        for (var i = 0; i < header.Count; i++)
        {
            var name = Text.Blank(header[i]) is { } given ? Cut(given, Custom.Length + LongestName) : $"Column {i + 1}";
            var unique = name;
            for (var n = 2; names.Contains(unique); n++)
            {
                unique = $"{name} ({n})";
            }
            names.Add(unique);
        }
        return names;
    }

    /// <summary>Whether the first row of a file is a contact already: it has a phone number in it.</summary>
    public static bool IsData(IReadOnlyList<string> row, string region) => row.Any(cell => IsPhone(cell, region));

    /// <summary>What each column most likely is: by its name, or by its first value where the file has no names.</summary>
    public static List<string> Guess(IReadOnlyList<string> names, IReadOnlyList<string>? values, string region)
    {
        var (fields, custom) = (new List<string>(), 0);
        for (var i = 0; i < names.Count; i++)
        {
            var field = (values is null ? ByName(names[i]) : ByValue(values[i], region)) ?? CustomOf(names[i]);
            if (field != Ignore && fields.Contains(field))
            {
                field = CustomOf(names[i]);
            }
            if (field.StartsWith(Custom, StringComparison.Ordinal) && (++custom > MostCustomFields || fields.Contains(field)))
            {
                field = Ignore;
            }
            fields.Add(field);
        }
        return fields;
    }

    // "Column 3" is no name of a field.
    private static string CustomOf(string name) => name.StartsWith("Column ", StringComparison.Ordinal) ? Ignore : Custom + Cut(name, LongestName).TrimEnd();

    private static string Cut(string name, int length) => name.Length > length ? name[..length] : name;

    private static string? ByName(string name) =>
        name.StartsWith(Custom, StringComparison.Ordinal) && IsField(name) ? name : Known.GetValueOrDefault(Key(name));

    private static string? ByValue(string value, string region) =>
        value.Contains('@', StringComparison.Ordinal) ? Email : IsPhone(value, region) ? Phone : null;

    private static bool IsPhone(string cell, string region) => cell.Length <= 40 && CallAgent.Phone.Parse(CsvText.Restore(cell), region) is not null;

    private static string Key(string name) => string.Concat(Text.Words(name));
}
