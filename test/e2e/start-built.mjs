/** The command line as it was built, whatever has changed in the source since: `node start-built.mjs serve FILE`. */
const { main } = await import(new URL('../../build/node/cli/main.js', import.meta.url).href);
process.exitCode = await main(process.argv.slice(2));
