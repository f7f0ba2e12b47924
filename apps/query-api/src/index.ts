export { createQueryApi, type QueryApi, type QueryDeps } from './app.ts'
export { loadConfig, settings, type QueryConfig } from './config.ts'
export type { QueryLimits } from './limits.ts'
export type { Services } from './services.ts'
