export {
  freePort,
  startNats,
  startPostgres,
  startRedis,
  type PrivateServer,
  type ServerOptions,
} from '@runnel/services'
export { cleanNats } from './clean-nats.ts'
export { eventually } from './eventually.ts'
export { serviceUrls } from './service-urls.ts'
export { spawnApp, type AppExit, type RunningApp, type SpawnOptions } from './spawn-app.ts'
export { spawnPlatform, type PlatformOptions, type RunningPlatform } from './spawn-platform.ts'
export { spawnStandalone, type RunningStandalone } from './spawn-standalone.ts'
export { createTestDatabase, type TestDatabase, type TestDatabaseOptions } from './test-database.ts'
export { testPrefix } from './test-prefix.ts'
export { workspaceRoot } from './workspace-root.ts'
