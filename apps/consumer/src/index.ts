export { createConsumer, type ConsumerApp, type ConsumerDeps } from './app.ts'
export { loadConfig, settings, type ConsumerConfig } from './config.ts'
