using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CallAgent.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class CampaignCounters : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {

        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {

        }
    }
}
