import type { Contest, ContestOptions, Row } from '../contest.ts'
import { ProcessCosts } from '../process-costs.ts'
import { openStaticContest } from '../reads/open-static-contest.ts'
import { openCatalogue } from '../reads/open-catalogue.ts'

const PATH = '/api/v1/products'
const PRODUCTS = 10_000

export const productList: Row = {
  title: 'GET the first page of products',
  ceiling: 'bare Fastify, static JSON of the same bytes',
  unit: 'requests/s',
  aim: 0.8,
  open: openProductList,
}

/** A page of 50 that all clients ask for, hot in the process. */
async function openProductList(options: ContestOptions): Promise<Contest> {
  const { stack } = options
  const costs = new ProcessCosts()
  const { query } = await openCatalogue({ stack, costs, products: PRODUCTS })
  return openStaticContest({ ...options, costs, url: query.url, path: PATH })
}
