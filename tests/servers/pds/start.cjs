// Starts a real PDS and an in-memory PLC directory on loopback, each on a port of its own, and says
// `READY <url> <directory>` on one line once both answer. Everything it keeps is below PDS_DIR.
// A line `NOW <milliseconds>` on its standard input sets its clock, and is answered with `SET`.
// Ends with code 98 when a port was taken between choosing and binding it: start it again.
'use strict'
const clock = require('./clock.cjs')
const crypto = require('crypto')
const fs = require('fs')
const net = require('net')
const path = require('path')
const readline = require('readline')
const { PDS, envToCfg, envToSecrets } = require('@atproto/pds')
const { Database, PlcServer } = require('@did-plc/server')

const PORT_TAKEN = 98

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

async function main() {
  const directory = process.env.PDS_DIR
  if (!directory) throw new Error('PDS_DIR is not set')
  const blobs = path.join(directory, 'blobs')
  fs.mkdirSync(blobs, { recursive: true })

  const plcPort = Number(process.env.PLC_PORT) || (await freePort())
  const port = Number(process.env.PDS_PORT) || (await freePort())
  const plc = PlcServer.create({ db: Database.mock(), port: plcPort })
  await plc.start()

  const env = {
    port,
    hostname: 'localhost',
    devMode: true,
    dataDirectory: directory,
    blobstoreDiskLocation: blobs,
    didPlcUrl: `http://localhost:${plcPort}`,
    adminPassword: crypto.randomBytes(16).toString('hex'),
    jwtSecret: process.env.PDS_JWT_SECRET || crypto.randomBytes(16).toString('hex'),
    plcRotationKeyK256PrivateKeyHex: crypto.randomBytes(32).toString('hex'),
    serviceHandleDomains: ['.test'],
    inviteRequired: false,
    disableSsrfProtection: true,
    bskyAppViewUrl: 'http://127.0.0.1:9',
    bskyAppViewDid: 'did:example:invalid',
    blobUploadLimit: 100000000,
  }
  const pds = await PDS.create(envToCfg(env), envToSecrets(env))
  await pds.start()
  process.stdout.write(`READY http://127.0.0.1:${port} ${directory}\n`)

  const stop = async () => {
    await pds.destroy()
    await plc.destroy()
    process.exit(0)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  // The parent holds our standard input; when it is gone, so are we.
  readline
    .createInterface({ input: process.stdin })
    .on('line', (line) => {
      const [word, millis] = line.split(' ')
      if (word !== 'NOW') return
      clock.set(Number(millis))
      process.stdout.write('SET\n')
    })
    .once('close', stop)
}

process.on('uncaughtException', (error) => {
  process.stderr.write(`${error && error.stack ? error.stack : error}\n`)
  process.exit(error && error.code === 'EADDRINUSE' ? PORT_TAKEN : 1)
})
main().catch((error) => {
  process.stderr.write(`${error && error.stack ? error.stack : error}\n`)
  process.exit(error && error.code === 'EADDRINUSE' ? PORT_TAKEN : 1)
})
