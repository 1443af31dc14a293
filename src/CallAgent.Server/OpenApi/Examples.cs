using System.Text.Json.Nodes;
using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>A body for each request, as one would really send it.</summary>
internal static class Examples
{
    public const string Id = "01932f4e-8a55-7c11-b1f0-3d1f5d3c9a01";

    private static readonly Dictionary<Type, string> Bodies = new()
    {
        [typeof(Register)] = """{"email":"ada@acme.example","password":"password123","first_name":"Ada","last_name":"Lovelace","company_name":"Acme Ltd"}""",
        [typeof(Login)] = """{"email":"ada@acme.example","password":"password123"}""",
        [typeof(CreateToken)] = """{"email":"ada@acme.example","password":"password123"}""",
        [typeof(UpdateName)] = """{"first_name":"Grace","last_name":"Hopper"}""",
        [typeof(UpdateProfile)] = """{"company_name":"Acme Ltd","phone_number":"+14155550100","settings":{"default_region":"US","time_zone":"America/New_York"}}""",
        [typeof(ChangePassword)] = """{"current_password":"password123","new_password":"a longer and better one"}""",
        [typeof(ForgotPassword)] = """{"email":"ada@acme.example"}""",
        [typeof(ResetPassword)] = """{"token":"0Zt6zVQn2yq6mUO1bXf8sJ4kRw3hLp9dTgCeAiMvN5B","new_password":"a longer and better one"}""",
        [typeof(ChangeEmail)] = """{"email":"ada@lovelace.example","password":"password123"}""",
        [typeof(UseMailedToken)] = """{"token":"0Zt6zVQn2yq6mUO1bXf8sJ4kRw3hLp9dTgCeAiMvN5B"}""",
        [typeof(BeginTwoFactor)] = """{"password":"password123"}""",
        [typeof(ConfirmTwoFactor)] = """{"code":"123456"}""",
        [typeof(LoginTwoFactor)] = """{"challenge":"pS0a1c9Zk2…","code":"123456"}""",
        [typeof(StepUp)] = """{"password":"password123"}""",
        [typeof(DeleteAccount)] = """{"password":"password123"}""",
        [typeof(ChangePlan)] = """{"plan":"professional"}""",
        [typeof(BeginImpersonation)] = """{"reason":"Ticket 4711: an import stops half way","minutes":30}""",
        [typeof(CreateApiKey)] = """{"name":"Dialer","scopes":["contacts:read","calls:write"],"allowed_addresses":["127.0.0.0/8","::1"]}""",
        [typeof(UpdateApiKey)] = """{"name":"Dialer in the cellar"}""",
        [typeof(RotateApiKey)] = """{"overlap_seconds":3600}""",
        [typeof(UpdateMember)] = """{"role":"agent"}""",
        [typeof(TransferOwnership)] = """{"password":"password123"}""",
        [typeof(LeaveTeam)] = """{"password":"password123"}""",
        [typeof(CreateInvitation)] = """{"email":"grace@acme.example","role":"agent"}""",
        [typeof(AcceptInvitation)] = """{"token":"0Zt6zVQn2yq6mUO1bXf8sJ4kRw3hLp9dTgCeAiMvN5B","password":"a long and good one","first_name":"Grace","last_name":"Hopper"}""",
        [typeof(CreateCampaign)] = """
            {
              "name": "Spring offer",
              "description": "Renewals before the end of April",
              "stages": ["introduction", "needs_assessment", "closing"],
              "script_template": {
                "introduction": {
                  "script": "Hello {{ contact.first_name | default: \"there\" }}, this is {{ agent.name }} from {{ user.company_name }}.",
                  "transition_rules": { "keywords": ["tell me", "go ahead"], "min_turns": 1 }
                }
              },
              "data_collection_fields": ["name", "email"]
            }
            """,
        [typeof(UpdateCampaign)] = """{"name":"Spring offer, second round","is_active":false}""",
        [typeof(PreviewScript)] = $$$"""{"script":"Hello {{ contact.first_name }}","campaign_id":"{{{Id}}}","contact_id":"{{{Id}}}"}""",
        [typeof(CreateSampleCampaign)] = """{"type":"sales"}""",
        [typeof(PreviewScript)] = """{"script":"Hello {{ contact.first_name | default: \"there\" }}."}""",
        [typeof(RenderScript)] = """{"stage":"introduction","context":{"offer":"20 % off"}}""",
        [typeof(CreateContact)] = """
            {
              "phone_number": "+14155550132",
              "first_name": "Grace",
              "last_name": "Hopper",
              "email": "grace@navy.example",
              "company": "Navy",
              "tags": ["vip"],
              "custom_fields": { "seats": 12 }
            }
            """,
        [typeof(UpdateContact)] = """{"status":"interested","email":null}""",
        [typeof(ChangeContacts)] = $$"""{"ids":["{{Id}}"],"add_tags":["spring"],"status":"contacted"}""",
        [typeof(UpdateImport)] = """{"mapping":{"Telefon":"phone_number","Notiz":"custom_fields.note","Nr":"ignore"},"default_region":"DE","on_duplicate":"update","tags":["fair-2026"]}""",
        [typeof(RunImport)] = """{"dry_run":true}""",
        [typeof(CreateCall)] = $$"""{"contact_id":"{{Id}}","scheduled_time":"2026-12-01T09:30:00Z"}""",
        [typeof(UpdateCall)] = """{"notes":"Prefers mornings."}""",
        [typeof(EndCall)] = """{"duration_seconds":95,"recording_url":"https://recordings.example/1.mp3"}""",
        [typeof(FailCall)] = """{"reason":"no_answer"}""",
        [typeof(CorrectCall)] = """{"status":"no_answer"}""",
        [typeof(AppendNote)] = """{"text":"Asked for a quote."}""",
        [typeof(CreateConversation)] = $$"""{"call_id":"{{Id}}"}""",
        [typeof(UpdateConversation)] = """{"stage":"closing"}""",
        [typeof(CollectData)] = """{"fields":{"budget":"20,000","email":null}}""",
        [typeof(AppendTurn)] = """{"client_id":"b1f03d1f-5d3c-4a01-8a55-01932f4e7c11","speaker":"contact","text":"Yes, tell me more. My name is Grace Hopper.","sentiment_score":0.6}""",
    };

    /// <summary>The example of a request type; <c>null</c> when there is none, which a test does not allow.</summary>
    public static JsonNode? Of(Type request) => Bodies.TryGetValue(request, out var json) ? JsonNode.Parse(json) : null;
}
