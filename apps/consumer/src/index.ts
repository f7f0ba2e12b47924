export { createConsumer, type ConsumerApp, type ConsumerDeps } from './app.ts'
export { loadConfig, optionsOf, settings, type ConsumerConfig } from './config.ts'
