#!/usr/bin/env node
// The first thing that runs of the packed program, on whatever Node.js is installed: plain JavaScript, without imports.
const LEAST_NODE = 24
if (Number(process.versions.node.split('.')[0]) < LEAST_NODE) {
  console.error(`runnel needs Node.js ${LEAST_NODE} or later, and this is ${process.version}.`)
  console.error(`Install a later one, or let npm bring it: npx -p node@${LEAST_NODE} -p runnel runnel`)
  process.exitCode = 1
} else await import(new URL('main.mjs', import.meta.url))
