namespace CallAgent;

/// <summary>Words that tell a name from what only looks like one.</summary>
internal static class NameWords
{
    /// <summary>Lower-case parts of family names.</summary>
    public static readonly HashSet<string> Particles = Split(
        "van von der den de del della di da das do dos du la le el al bin binti ibn ben ter ten zu zur af av y");

    /// <summary>Words that end a name.</summary>
    public static readonly HashSet<string> Never = Split("""
        and but or so because if when while that which who whom whose i i'm i'll i've i'd we we're you your he she they it it's
        from at with for in on to of by as about into off out up the a an this there here my our is am are was were be been has
        have had do does did will would can could should may might must not no never calling speaking again please thanks thank
        """);

    /// <summary>Days and months: "I work at Monday" is nobody's employer.</summary>
    public static readonly HashSet<string> Times = Split("""
        monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october
        november december today tomorrow tonight yesterday now later noon midnight morning afternoon evening night christmas easter
        """);

    /// <summary>Words that no name begins with, whatever their case: what follows "I'm", "this is" and "call me".</summary>
    public static readonly HashSet<string> Common =
    [
        .. Times,
        .. Split("""
            fine good great ok okay well better best bad awful terrible sorry happy glad sad busy free tired sick ill ready late
            early sure certain afraid interested uninterested excited curious confused worried concerned satisfied unhappy pleased
            disappointed annoyed angry upset frustrated impressed surprised aware familiar new old young able unable available
            unavailable alone home back away done finished gone lost stuck open closed full right wrong correct true false
            important urgent serious real perfect wonderful amazing awesome excellent fantastic lovely nice cool interesting
            ridiculous crazy insane funny weird strange normal possible impossible easy hard difficult expensive cheap enough
            just only really very quite pretty too also still already always actually basically honestly probably maybe perhaps
            definitely absolutely currently generally frankly strictly roughly broadly technically practically personally legally
            hi hello hey yes yeah yep nope sir madam ma'am good-bye goodbye bye what why how where everything everyone everybody
            something someone somebody anything anyone nothing nobody none one two some any all both each every more most less
            much many such same another other first second third next last his her their its me him us them myself going looking
            trying thinking wondering driving working living waiting hoping using doing having getting making taking asking
            listening talking leaving retired married single divorced pregnant employed unemployed self-employed private
            confidential irrelevant unimportant mine yours spelled spelt pronounced like unlike under over after before between
            english american british irish scottish welsh french german italian spanish portuguese dutch swiss swedish norwegian
            danish finnish polish russian ukrainian turkish greek indian pakistani chinese japanese korean mexican canadian
            australian african asian european brazilian christian muslim jewish catholic hindu buddhist vegan vegetarian
            calling speaking customer client manager owner director president ceo cfo cto voicemail spam scam
            """)
    ];

    private static HashSet<string> Split(string words) =>
        [.. words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
