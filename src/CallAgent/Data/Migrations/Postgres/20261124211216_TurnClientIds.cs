using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CallAgent.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class TurnClientIds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "client_id",
                table: "turns",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "next_reason",
                table: "turns",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "next_stage",
                table: "turns",
                type: "text",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_turns_user_id_conversation_id_client_id",
                table: "turns",
                columns: new[] { "user_id", "conversation_id", "client_id" },
                unique: true,
                filter: "client_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_calls_user_id_status_scheduled_time_id",
                table: "calls",
                columns: new[] { "user_id", "status", "scheduled_time", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_turns_user_id_conversation_id_client_id",
                table: "turns");

            migrationBuilder.DropIndex(
                name: "ix_calls_user_id_status_scheduled_time_id",
                table: "calls");

            migrationBuilder.DropColumn(
                name: "client_id",
                table: "turns");

            migrationBuilder.DropColumn(
                name: "next_reason",
                table: "turns");

            migrationBuilder.DropColumn(
                name: "next_stage",
                table: "turns");
        }
    }
}
