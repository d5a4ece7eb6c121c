// Imported first by every entry point. Plain old JavaScript, so that an old Node can still read it and say so.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Caudal needs Node 20.19 or later, and this is Node ${process.versions.node}: install a newer one from https://nodejs.org.`,
  );
  process.exit(3);
}
