export { createMessageDispatcher } from './app.ts'
export { loadConfig, settings } from './config.ts'
export { requireCompleteNotifications } from './notifications/settings.ts'
export type { MessageDispatcherDeps } from './deps.ts'
