export { createQueryApi } from './app.ts'
export { settings } from './config.ts'
export type { QueryLimits } from './limits.ts'
export type { Services } from './services.ts'
