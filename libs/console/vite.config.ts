import { defineConfig } from 'vite'

/** Where `vite` alone (a server for work on the console) finds query-api. */
const QUERY_API = 'http://127.0.0.1:8000'

/**
 * No preset and no plug-in: JSX is all there is to transform. Everything is a file of its own, because the policy of
 * the pages allows nothing inline.
 */
export default defineConfig({
  root: new URL('src/web', import.meta.url).pathname,
  base: '/console/',
  // Never for development, whatever NODE_ENV is: that would write paths of this machine into every element.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    // For the test of what a view loads.
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
  },
  server: { proxy: { '^/(?!console/)': QUERY_API } },
  preview: { proxy: { '^/(?!console/)': QUERY_API } },
})
