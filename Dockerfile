# syntax=docker/dockerfile:1

# Two images of one build: --target server (the default) and --target tool, which is callagent with PostgreSQL's client.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/CallAgent.Client/CallAgent.Client.csproj src/CallAgent.Client/packages.lock.json src/CallAgent.Client/
COPY src/CallAgent/CallAgent.csproj src/CallAgent/packages.lock.json src/CallAgent/
COPY src/CallAgent.Server/CallAgent.Server.csproj src/CallAgent.Server/packages.lock.json src/CallAgent.Server/
COPY src/CallAgent.Cli/CallAgent.Cli.csproj src/CallAgent.Cli/packages.lock.json src/CallAgent.Cli/
RUN dotnet restore src/CallAgent.Server --locked-mode && dotnet restore src/CallAgent.Cli --locked-mode
COPY src src
RUN dotnet publish src/CallAgent.Server -c Release --no-restore -p:UseAppHost=false -o /out/server \
    && dotnet publish src/CallAgent.Cli -c Release --no-restore -p:UseAppHost=false -o /out/tool

FROM mcr.microsoft.com/dotnet/aspnet:10.0-alpine AS tool
RUN apk add --no-cache icu-libs tzdata postgresql17-client
# Names sort and time zones are found as on the server.
ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false ASPNETCORE_ENVIRONMENT=Production CALLAGENT_DATA=/data
COPY --from=build /out/tool /app
# Made here so that a new volume mounted on one of them belongs to who runs this.
RUN mkdir -m 700 /data /backups && chown "$APP_UID" /data /backups
USER $APP_UID
WORKDIR /data
VOLUME /data
ENTRYPOINT ["dotnet", "/app/CallAgent.Cli.dll"]
CMD ["--help"]

# No shell, no package manager, and not root. "extra" has ICU and time zones.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra AS server
ENV ASPNETCORE_ENVIRONMENT=Production ASPNETCORE_URLS=http://+:8080 CALLAGENT_DATA=/data
# Diagnostics would want a socket in a file system that may be read-only.
ENV DOTNET_EnableDiagnostics=0
COPY --from=build /out/server /app
COPY --from=tool --chown=$APP_UID:$APP_UID /data /data
USER $APP_UID
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "/app/CallAgent.Server.dll"]
