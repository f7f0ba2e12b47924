export { brokerSettings, type BrokerAccess, type BrokerScheme } from './broker-settings.ts'
export { CleanupStack, type Closable } from './cleanup-stack.ts'
export { readDatabaseHosts, type DatabaseHosts, type SessionAttribute } from './database-hosts.ts'
export { httpOptionsOf } from './http-settings.ts'
export { inSlices } from './in-slices.ts'
export { keySettings, type KeySettings } from './key-settings.ts'
export { loadOrComplain } from './load-or-complain.ts'
export {
  appUrl,
  databaseConnectionSettings,
  databaseSettings,
  gatewaySettings,
  pageBytes,
  poolSize,
  readReplicaSettings,
  redisSettings,
  serviceSettings,
  streamSettings,
  workersSetting,
} from './common-settings.ts'
export { isNetwork, networks } from './network-settings.ts'
export { orAborted, pause } from './pause.ts'
export { isLoopback, requireSafeAccess } from './require-safe-access.ts'
export { readSettingFile } from './read-setting-file.ts'
export { readRedisServers, type RedisServers } from './redis-servers.ts'
export { ReferenceClock, SYSTEM_CLOCKS, type ClockSources } from './reference-clock.ts'
export { runCommand, UsageError, userName } from './run-command.ts'
export { runService, type ServiceLog } from './run-service.ts'
export { acceptedSecrets, findSecondSecretProblems, secondSecret } from './second-secret.ts'
export { choice, flag, httpUrl, integer, list, port, text, url } from './setting-types.ts'
export { runWorkers } from './workers/run-workers.ts'
export { sslModeOf, withoutSslParameters } from './ssl-mode.ts'
export { appTlsOptions, type TlsSettings } from './tls-settings.ts'
export { createTlsOptions, readTlsFiles, type TlsFiles } from './tls-files.ts'
export {
  ConfigError,
  fileVariableOf,
  forApp,
  listSettings,
  readSettings,
  variablesOf,
  warnOfOldNames,
  type Environment,
  type ListedSetting,
  type Setting,
  type SettingsOf,
  type SettingsTable,
} from './settings.ts'
export { warnOfSettings } from './warn-of-settings.ts'
