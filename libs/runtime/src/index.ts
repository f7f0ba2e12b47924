export { CleanupStack, type Cleanup, type Closable } from './cleanup-stack.ts'
export { inSlices } from './in-slices.ts'
export { loadOrComplain } from './load-or-complain.ts'
export {
  brokerSettings,
  databaseSettings,
  redisSettings,
  serviceSettings,
  streamSettings,
} from './common-settings.ts'
export { orAborted, pause } from './pause.ts'
export { runService, type RunOptions, type ServiceLog } from './run-service.ts'
export { choice, integer, port, text, url } from './setting-types.ts'
export { ConfigError, readSettings, type Setting, type SettingsOf, type SettingsTable } from './settings.ts'
