using OpenBitum.ApiHost;
using OpenBitum.CommandLine;

return await Commands.Run(args, () => Api.Build(args).Serve());
