using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CallAgent.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Team : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "actor",
                table: "turns",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "actor_id",
                table: "turns",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "actor_id",
                table: "timeline_entries",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "deactivated_at",
                table: "members",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "created_by",
                table: "calls",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "created_by_id",
                table: "calls",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "started_by",
                table: "calls",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "started_by_id",
                table: "calls",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "invitations",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    email = table.Column<string>(type: "text", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false),
                    hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    invited_by = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitations", x => new { x.user_id, x.id });
                    table.ForeignKey(
                        name: "fk_invitations_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "user_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_members_user_id",
                table: "members",
                column: "user_id",
                unique: true,
                filter: "role = 'owner'");

            migrationBuilder.CreateIndex(
                name: "ix_invitations_hash",
                table: "invitations",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invitations_user_id_email",
                table: "invitations",
                columns: new[] { "user_id", "email" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "invitations");

            migrationBuilder.DropIndex(
                name: "ix_members_user_id",
                table: "members");

            migrationBuilder.DropColumn(
                name: "actor",
                table: "turns");

            migrationBuilder.DropColumn(
                name: "actor_id",
                table: "turns");

            migrationBuilder.DropColumn(
                name: "actor_id",
                table: "timeline_entries");

            migrationBuilder.DropColumn(
                name: "deactivated_at",
                table: "members");

            migrationBuilder.DropColumn(
                name: "created_by",
                table: "calls");

            migrationBuilder.DropColumn(
                name: "created_by_id",
                table: "calls");

            migrationBuilder.DropColumn(
                name: "started_by",
                table: "calls");

            migrationBuilder.DropColumn(
                name: "started_by_id",
                table: "calls");
        }
    }
}
