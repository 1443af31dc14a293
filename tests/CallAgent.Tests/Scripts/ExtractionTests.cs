using CsCheck;

namespace CallAgent.Tests;

public class ExtractionTests
{
    [Theory]
    [InlineData("Yes, tell me more. My name is Grace Hopper.", "Grace Hopper", "Grace", "Hopper")]
    [InlineData("my name is grace hopper and i'd like to know more", "Grace Hopper", "Grace", "Hopper")]
    [InlineData("this is John from Acme", "John", "John", null)]
    [InlineData("Hi, I'm Zoë", "Zoë", "Zoë", null)]
    [InlineData("I’m Conan O’Brien.", "Conan O’Brien", "Conan", "O’Brien")]
    [InlineData("I am Jean-Luc Picard", "Jean-Luc Picard", "Jean-Luc", "Picard")]
    [InlineData("My name is Ludwig van Beethoven, hello", "Ludwig van Beethoven", "Ludwig", "van Beethoven")]
    [InlineData("I'm Vincent van der Berg from Utrecht", "Vincent van der Berg", "Vincent", "van der Berg")]
    [InlineData("My name is John F. Kennedy.", "John F. Kennedy", "John", "F. Kennedy")]
    [InlineData("This is Dr. Anna Müller speaking", "Anna Müller", "Anna", "Müller")]
    [InlineData("This is Mr Smith", "Smith", null, "Smith")]
    [InlineData("Grace Hopper speaking.", "Grace Hopper", "Grace", "Hopper")]
    [InlineData("Hello, Sally speaking", "Sally", "Sally", null)]
    [InlineData("Please call me Bob", "Bob", "Bob", null)]
    [InlineData("My name is Will Smith", "Will Smith", "Will", "Smith")]
    [InlineData("My name is April", "April", "April", null)]
    [InlineData("my name is 王小明", "王小明", "王小明", null)]
    [InlineData("My name is Олена Шевченко", "Олена Шевченко", "Олена", "Шевченко")]
    [InlineData("It's Maria here", "Maria", "Maria", null)]
    public void A_name_is_found(string text, string name, string? first, string? last)
    {
        var found = Extraction.From(text, "US").Fields;
        Assert.Equal(name, found["name"]);
        Assert.Equal(first, found.GetValueOrDefault("first_name"));
        Assert.Equal(last, found.GetValueOrDefault("last_name"));
    }

    [Theory]
    [InlineData("I'm fine")]
    [InlineData("I'M FINE")]
    [InlineData("I'm Fine, thanks")]
    [InlineData("this is great")]
    [InlineData("This Is Great")]
    [InlineData("I am interested")]
    [InlineData("I'm German")]
    [InlineData("my name is not important")]
    [InlineData("My name is none of your business")]
    [InlineData("call me later")]
    [InlineData("Call me Monday")]
    [InlineData("This is John's wife")]
    [InlineData("Generally speaking, yes")]
    [InlineData("We were speaking English")]
    [InlineData("Is this Grace?")]
    [InlineData("I was speaking to Peter")]
    [InlineData("This is Acme Corp")]
    [InlineData("It's Monday")]
    [InlineData("I'm")]
    [InlineData("")]
    public void What_only_looks_like_a_name_is_none(string text) =>
        Assert.DoesNotContain("name", Extraction.From(text, "US").Fields.Keys);

    [Theory]
    [InlineData("Write to grace@navy.example, please", "grace@navy.example")]
    [InlineData("It's Grace.Hopper+crm@mail.navy.example.", "Grace.Hopper+crm@mail.navy.example")]
    [InlineData("<o'neil@example.co.uk>", "o'neil@example.co.uk")]
    [InlineData("用户@例子.测试", "用户@例子.测试")]
    [InlineData("not@one but two@example.com", "two@example.com")]
    [InlineData("my email is grace dot hopper at navy dot example", "grace.hopper@navy.example")]
    [InlineData("My e-mail address is grace underscore h at mail dot navy dot example, thanks", "grace_h@mail.navy.example")]
    [InlineData("grace at navy dot example", "grace@navy.example")]
    [InlineData("Sure, it's grace at navy dot example.", "grace@navy.example")]
    [InlineData("email me: grace at navy.example", "grace@navy.example")]
    public void An_email_address_is_found(string text, string email) => Assert.Equal(email, Extraction.From(text, "US").Fields["email"]);

    [Theory]
    [InlineData("I work at Acme dot com")]
    [InlineData("Email me, I work at Acme dot com")]
    [InlineData("My email? I'm at home. Thanks")]
    [InlineData("meet me at noon dot")]
    [InlineData("look at page dot two")]
    [InlineData("@ @@ a@ @b a@b a@.com a@b..com a@-b.com")]
    public void What_only_looks_like_an_address_is_none(string text) =>
        Assert.DoesNotContain("email", Extraction.From(text, "US").Fields.Keys);

    [Theory]
    [InlineData("Call +41 44 668 18 00 please", "US", "+41446681800")]
    [InlineData("my number is (415) 555-0132.", "US", "+14155550132")]
    [InlineData("my number is 415.555.0132", "us", "+14155550132")]
    [InlineData("044 668 18 00", "CH", "+41446681800")]
    [InlineData("It is 020 7946 0958, ext 5", "GB", "+442079460958")]
    [InlineData("٠٤٤ ٦٦٨ ١٨ ٠٠", "CH", "+41446681800")]
    [InlineData("order 12345678, phone 4155550132", "US", "+14155550132")]
    [InlineData("+14155550132", "nowhere", "+14155550132")]
    public void A_phone_number_is_found_and_written_internationally(string text, string region, string number) =>
        Assert.Equal(number, Extraction.From(text, region).Fields["phone_number"]);

    [Fact]
    public void A_name_that_is_put_right_is_the_last_one() =>
        Assert.Equal("Jack", Extraction.From("My name is John, no wait, my name is Jack", "US").Fields["name"]);

    [Fact]
    public void A_number_without_the_countrys_code_is_read_in_the_likeliest_country_that_has_it()
    {
        Assert.Equal("+49301234567", Extraction.From("my number is (030) 1234567", "DE", "US").Fields["phone_number"]);
        Assert.Equal("+14155550132", Extraction.From("my number is 415 555 0132", "GB", "US").Fields["phone_number"]);
    }

    [Theory]
    [InlineData("on 2026-09-09 at 12:30", "US")]
    [InlineData("order 12345", "US")]
    [InlineData("4155550132", "nowhere")]
    [InlineData("item A4155550132", "US")]
    public void Other_digits_are_no_phone_number(string text, string region) =>
        Assert.DoesNotContain("phone_number", Extraction.From(text, region).Fields.Keys);

    [Theory]
    [InlineData("this is John from Acme", "Acme")]
    [InlineData("I'm Grace, calling from Navy Yard", "Navy Yard")]
    [InlineData("I work at Bank of America now", "Bank of America")]
    [InlineData("I work for The Home Depot.", "The Home Depot")]
    [InlineData("I work for Smith & Sons", "Smith & Sons")]
    [InlineData("we're with Acme Corp", "Acme Corp")]
    [InlineData("an offer from Globex, Inc. last week", "Globex Inc")]
    [InlineData("Our company is Müller GmbH", "Müller GmbH")]
    [InlineData("I'm calling from eBay", "eBay")]
    [InlineData("This is Acme Corp", "Acme Corp")]
    [InlineData("on behalf of Initech", "Initech")]
    public void A_company_is_found(string text, string company) => Assert.Equal(company, Extraction.From(text, "US").Fields["company"]);

    [Theory]
    [InlineData("I work at home")]
    [InlineData("I work for myself")]
    [InlineData("I'm from London")]
    [InlineData("I work at Night")]
    [InlineData("calling from the car")]
    [InlineData("I work at")]
    public void What_only_looks_like_a_company_is_none(string text) =>
        Assert.DoesNotContain("company", Extraction.From(text, "US").Fields.Keys);

    [Fact]
    public void Everything_in_one_sentence_is_found() =>
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["name"] = "Grace Hopper",
                ["first_name"] = "Grace",
                ["last_name"] = "Hopper",
                ["email"] = "grace@navy.example",
                ["phone_number"] = "+14155550132",
                ["company"] = "Navy"
            },
            Extraction.From("This is Grace Hopper from Navy, grace@navy.example or 415 555 0132", "US").Fields);

    [Fact]
    public void Random_text_never_throws() =>
        Gen.Select(Gen.String, Gen.OneOfConst("my name is ", "I work at ", "@", " at ", " dot ", "\uD800", "+1", "’", "")).Array[0, 20]
            .Sample(parts =>
            {
                Extraction.From(string.Concat(parts.Select(p => p.Item1 + p.Item2)), "US");
            });

    [Theory]
    [InlineData("@")]
    [InlineData("a@")]
    [InlineData("a.a@a-")]
    [InlineData(" at")]
    [InlineData("at dot ")]
    [InlineData("email a at a dot ")]
    [InlineData("1")]
    [InlineData("1 ")]
    [InlineData("+1(")]
    [InlineData("(415) 555-013 ")]
    [InlineData("415-555-0132x")]
    [InlineData("I'm ")]
    [InlineData("I'm Van van ")]
    [InlineData("A speaking ")]
    [InlineData("my name is ")]
    [InlineData("I work at A & ")]
    [InlineData("from A of ")]
    [InlineData("'")]
    [InlineData("a'")]
    [InlineData("\uD800")]
    public void Hostile_text_takes_no_longer_than_its_length_explains(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 10_000 / part.Length));
        Extraction.From("warm +41 44 668 18 00", "US");
        var started = System.Diagnostics.Stopwatch.StartNew();
        Extraction.From(text, "US");
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(2), $"{part}: {started.Elapsed}");
    }
}
