import { readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'

/** Where `vite` alone (a server for work on the console) finds query-api. */
const QUERY_API = 'http://127.0.0.1:8000'

/** Smaller files are sent as they are. */
const MIN_COMPRESSED_BYTES = 512

/** Writes a `.br` and a `.gz` beside every file, as @fastify/static looks for them: no request compresses anything. */
function compressFiles(): Plugin {
  const encodings = {
    br: (bytes: Buffer) =>
      promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    gz: (bytes: Buffer) => promisify(gzip)(bytes, { level: 9 }),
  }
  return {
    name: 'compress-files',
    apply: 'build',
    async writeBundle({ dir }, bundle) {
      for (const name of Object.keys(bundle).filter((name) => !name.startsWith('.'))) {
        const file = join(dir!, name)
        const bytes = await readFile(file)
        if (bytes.length < MIN_COMPRESSED_BYTES) continue
        for (const [extension, compress] of Object.entries(encodings))
          await writeFile(`${file}.${extension}`, await compress(bytes))
      }
    },
  }
}

/** A script that runs before the page is drawn: no module, because those wait until the page is read. */
function renderBlockingScript(source: string): Plugin {
  const name = basename(source)
  return {
    name: 'render-blocking-script',
    apply: 'build',
    async buildStart() {
      this.emitFile({ type: 'asset', name, source: await readFile(source) })
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {} }) {
        const file = Object.values(bundle).find((each) => each.type === 'asset' && each.names.includes(name))
        if (!file) throw new Error(`${name} is not among the built files`)
        return [{ tag: 'script', attrs: { src: `/console/${file.fileName}` }, injectTo: 'head-prepend' }]
      },
    },
  }
}

/**
 * No preset: JSX is all there is to transform. Everything is a file of its own, because the policy of
 * the pages allows nothing inline.
 */
export default defineConfig({
  root: new URL('src/web', import.meta.url).pathname,
  base: '/console/',
  plugins: [
    renderBlockingScript(new URL('src/web/style/apply-theme.js', import.meta.url).pathname),
    compressFiles(),
  ],
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
