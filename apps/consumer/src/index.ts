export { createConsumer } from './app.ts'
export { settings } from './config.ts'
