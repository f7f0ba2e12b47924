export { createMessageDispatcher, type MessageDispatcherDeps } from './app.ts'
export { loadConfig, settings, type Config } from './config.ts'
