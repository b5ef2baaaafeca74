using System.Reflection;

// That of AWS's assembly, which takes the place of this one where a function brings it.
[assembly: AssemblyVersion("1.0.0.0")]
