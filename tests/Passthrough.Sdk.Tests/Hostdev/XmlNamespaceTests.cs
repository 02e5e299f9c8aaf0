using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Tests.Hostdev;

/// <summary>An element that is cut out of its document takes the declarations of the namespaces that it uses along.</summary>
public sealed class XmlNamespaceTests
{
    [Theory]
    // Directly below the root.
    [InlineData("<d xmlns:q='urn:q' xmlns:r='urn:r'><cut><q:b x='1'/></cut></d>", "<cut xmlns:q='urn:q'><q:b x='1'/></cut>")]
    [InlineData("<d xmlns:q='urn:q'><cut x='1'/></d>", "<cut x='1'/>")]
    [InlineData("<d xmlns:q='urn:q'><cut q:x='1'/></d>", "<cut xmlns:q='urn:q' q:x='1'/>")]
    [InlineData("<d xmlns:q='urn:q'><cut>12:30</cut></d>", "<cut>12:30</cut>")]
    // Further below: the default namespace counts for names of elements without a prefix, not for those of attributes.
    [InlineData("<d xmlns='urn:d'><m><cut><b/></cut></m></d>", "<cut xmlns='urn:d'><b/></cut>")]
    [InlineData("<d xmlns='urn:d' xmlns:q='urn:q'><m><q:cut x='1'/></m></d>", "<q:cut xmlns:q='urn:q' x='1'/>")]
    [InlineData("<d xmlns='urn:d' xmlns:q='urn:q'><m><q:cut><b/></q:cut></m></d>", "<q:cut xmlns='urn:d' xmlns:q='urn:q'><b/></q:cut>")]
    // What stands beside the element does not count.
    [InlineData("<d xmlns:q='urn:q'><m><cut/><q:c/></m></d>", "<cut/>")]
    [InlineData("<d xmlns:q='urn:q'><m><cut x='1'/><c q:y='1'/></m></d>", "<cut x='1'/>")]
    [InlineData("<d xmlns:q='urn:q'><m q:y='1'><cut x='1'><b y='2'/></cut></m></d>", "<cut x='1'><b y='2'/></cut>")]
    // A prefix that begins like another one is not that one.
    [InlineData("<d xmlns:q='urn:q' xmlns:qq='urn:qq'><m><cut qq:x='1'/></m></d>", "<cut xmlns:qq='urn:qq' qq:x='1'/>")]
    [InlineData("<d xmlns:q='urn:q' y='1'><m z='2'><cut q:x='1'/></m></d>", "<cut xmlns:q='urn:q' q:x='1'/>")]
    // Of two declarations of a prefix, the nearer one counts.
    [InlineData("<d xmlns:q='far'><m xmlns:q='near'><cut q:x='1'/></m></d>", "<cut xmlns:q='near' q:x='1'/>")]
    [InlineData("<d xmlns:q='far'><m><cut xmlns:q='own' q:x='1'/></m></d>", "<cut xmlns:q='own' q:x='1'/>")]
    [InlineData("<d xmlns:r='urn:r'><m xmlns:q=\"urn:q'\"><cut q:x='1' r:y='2'/></m></d>", "<cut xmlns:q=\"urn:q'\" xmlns:r='urn:r' q:x='1' r:y='2'/>")]
    public void Declarations_that_an_element_uses_are_written_on_it(string document, string expected)
    {
        var tree = XmlTree.Parse(document);
        var cut = Enumerable.Range(0, tree.Count).Select(index => new XmlElementView(tree, index)).Single(element => element.Name.EndsWith("cut"));
        var standalone = cut.Standalone();
        Assert.Equal(expected, standalone);
        XmlTree.Parse(standalone);
    }

    [Fact]
    public void A_whole_document_stays_as_it_is()
    {
        const string document = "<d xmlns='urn:d' xmlns:q='urn:q'><q:b/></d>";
        Assert.Equal(document, XmlTree.Parse(document).Root.Standalone());
    }
}
