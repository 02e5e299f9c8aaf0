namespace Passthrough.LabTests.Lab;

/// <summary>What a scenario that measures says of its figures.</summary>
internal static class Figures
{
    public static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
